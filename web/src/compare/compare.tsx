import { EmptyState } from "../parts/states.tsx";
import type { Run } from "../wire.ts";

/** Two runs or epochs on the same Table, sample by sample. */
export function Compare(_props: { run: Run }) {
  return <EmptyState title="Not there yet" />;
}
