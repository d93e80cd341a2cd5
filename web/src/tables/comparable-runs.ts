// Which runs say whether a revision helped.
import type { RunRow, TableRow } from "../wire.ts";

export interface ComparableRuns {
  earlier: RunRow;
  later: RunRow;
  /** Of the page of the later run: the comparison of samples whose labels changed. */
  query: Record<string, string>;
}

/**
 * The youngest runs on both revisions; `lacking` is the one without any, null where no run is on
 * either. Runs come the youngest first.
 */
export function findComparableRuns(
  runs: readonly RunRow[],
  before: TableRow,
  after: TableRow,
): ComparableRuns | { lacking: string } | null {
  const on = (table: TableRow) => runs.filter((run) => run.input_tables.includes(table.id));
  const later = on(after)[0];
  const earlier = on(before).find((run) => run.name !== later?.name);
  if (!later && !earlier) return null;
  if (!later || !earlier) return { lacking: later ? before.name : after.name };
  const query = {
    tab: "compare",
    input: String(later.input_tables.indexOf(after.id)),
    other_run: earlier.name,
    other_input: String(earlier.input_tables.indexOf(before.id)),
    labels: "changed",
  };
  return { earlier, later, query };
}
