import type { Bins } from "../data/bins.ts";
import type { Column, Filter } from "../wire.ts";

/** What filters by one column. */
export interface FilterProps {
  column: Column;
  filter: Filter | null;
  /** `done` is false while a brush moves. */
  onFilter: (filter: Filter | null, done?: boolean) => void;
}

/** What does so by bins; counts are undefined until they are there. */
export interface CountedFilterProps extends FilterProps {
  bins: Bins;
  /** Of all samples. */
  totals: ArrayLike<number> | undefined;
  /** Of those that all other filters select. */
  counts: ArrayLike<number> | undefined;
}
