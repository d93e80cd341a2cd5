import type { Filter, Source } from "../wire.ts";

/** Samples that something is done with: those that the filters match, or those selected by hand. */
export interface Selection {
  source: Source;
  /** The filters; where samples were selected by hand, one `rows` filter with them. */
  filters: Filter[];
  /** `example_id` of the samples selected by hand; empty where none is. */
  selected: number[];
  /** How many samples that is; null while the server counts. */
  count: number | null;
}
