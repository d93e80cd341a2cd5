import { EmptyState } from "../parts/states.tsx";
import type { Run } from "../wire.ts";

/** Which samples regressed between two epochs, on a map that stays fixed. */
export function History(_props: { run: Run }) {
  return <EmptyState title="Not there yet" />;
}
