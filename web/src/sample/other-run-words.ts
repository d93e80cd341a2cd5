// What is said of a sample in a run on another revision of its Table.
import type { InOtherRun } from "../wire.ts";

/** `labels changed`, `weight changed`; empty where the revisions agree. */
export function changeWords({ changed, info }: InOtherRun): string {
  if (!changed.length) return "";
  // A metric that has the name of a column of the Table moves that aside.
  const labels = new Set(info?.truth.map((name) => name.replace(/^input_/, "")));
  return changed.some((name) => labels.has(name)) ? "labels changed" : `${changed.join(", ")} changed`;
}

/** `Not in second: val_0000 has no such sample.` */
export function missingWords(runs: readonly InOtherRun[]): string {
  const byTable = new Map<string, string[]>();
  for (const { source, table, example_id } of runs) {
    if (example_id === null) byTable.set(table.table, [...(byTable.get(table.table) ?? []), source.run]);
  }
  return [...byTable].map(([table, names]) => `Not in ${names.join(", ")}: ${table} has no such sample.`).join(" ");
}
