import { EmptyState } from "../parts/states.tsx";
import type { Run, TableSource } from "../wire.ts";

export interface ExplorerProps {
  project: string;
  /** Run whose collections are shown; null for the rows of a table. */
  run: Run | null;
  table: TableSource | null;
}

/** Filters, grid or rows, and the scatter of one source, linked to each other. */
export function Explorer(_props: ExplorerProps) {
  return <EmptyState title="Not there yet" />;
}
