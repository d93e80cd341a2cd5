// What a commit is about, in words.
import { countWith } from "../parts/numbers.ts";
import type { toCommit } from "./edits.ts";

/** `Edits of 3 samples and the removal of 1 sample`. */
export function commitSummary(made: ReturnType<typeof toCommit>): string {
  const samples = new Set(made.edits.map(({ example_id }) => example_id)).size;
  const parts = [
    samples ? `edits of ${countWith(samples, "sample")}` : "",
    made.delete.length ? `the removal of ${countWith(made.delete.length, "sample")}` : "",
  ].filter(Boolean);
  const text = parts.join(" and ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
