// What of the edits is left to commit where somebody changed the same samples.
import type { ChangedSample } from "../wire.ts";
import type { toCommit } from "./edits.ts";

type Made = ReturnType<typeof toCommit>;

/** Of the samples that were edited here and changed there: those that are still there, and those that are not. */
export function splitCollisions(collisions: readonly ChangedSample[]): { both: ChangedSample[]; gone: ChangedSample[] } {
  return {
    both: collisions.filter(({ other_example_id }) => other_example_id !== null),
    gone: collisions.filter(({ other_example_id }) => other_example_id === null),
  };
}

/** The edits that are applied: a sample that is gone stays so, and `theirs` drops those of samples that changed. */
export function remainingEdits(made: Made, collisions: readonly ChangedSample[], who: "theirs" | "mine"): Made {
  const { both, gone } = splitCollisions(collisions);
  const dropped = new Set([...gone, ...(who === "theirs" ? both : [])].map(({ base_example_id }) => base_example_id));
  return {
    edits: made.edits.filter(({ example_id }) => !dropped.has(example_id)),
    delete: made.delete.filter((id) => !dropped.has(id)),
  };
}
