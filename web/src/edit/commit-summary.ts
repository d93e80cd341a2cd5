// What a commit is about, in words.
import { counted } from "../parts/numbers.ts";
import type { toCommit } from "./edits.ts";

/** `Edits of 3 samples and the removal of 1 sample`. */
export function summary(made: ReturnType<typeof toCommit>): string {
  const samples = new Set(made.edits.map(({ example_id }) => example_id)).size;
  const parts = [
    samples ? `edits of ${counted(samples, "sample")}` : "",
    made.delete.length ? `the removal of ${counted(made.delete.length, "sample")}` : "",
  ].filter(Boolean);
  const text = parts.join(" and ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
