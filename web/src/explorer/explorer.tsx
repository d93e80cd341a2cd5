// Every sample of a source: filters, images or rows, and a map, all linked to each other.
import type { ReactNode } from "react";
import { EmptyState } from "../parts/states.tsx";
import type { Filter, Run, Source, TableSource } from "../wire.ts";

/** What is selected: all samples that the filters take, or those that were picked by hand. */
export interface Selection {
  source: Source;
  /** The filters; where samples were picked, one `rows` filter with them. */
  filters: Filter[];
  /** `example_id` of the samples picked by hand; empty where none is. */
  picked: number[];
  /** How many samples that is; null while the server counts. */
  count: number | null;
}

export interface ExplorerProps {
  project: string;
  /** Run whose collections are shown; null for the rows of a table. */
  run: Run | null;
  table: TableSource | null;
  /** Buttons that do something with the selection, shown in the toolbar. */
  actions?: (selection: Selection) => ReactNode;
}

/** Filters, grid or rows, and the scatter of one source, linked to each other. */
export function Explorer(_props: ExplorerProps) {
  return <EmptyState title="Not there yet" />;
}
