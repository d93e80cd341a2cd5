// The order of runs, and their groups.
import type { RunRow } from "../wire.ts";
import type { Field, FieldValue } from "./field.ts";

export interface RunGroup {
  /** null where the runs are not grouped. */
  value: FieldValue;
  title: string | null;
  runs: RunRow[];
}

/** Runs by a field; what has no value comes last, whatever the direction. */
export function sortRuns(runs: readonly RunRow[], field: Field, isDescending: boolean): RunRow[] {
  const sign = isDescending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [left, right] = [field.value(a), field.value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * order(left, right);
  });
}

/** Runs with the same value of a field together, in the order of their first run. */
export function groupRuns(runs: readonly RunRow[], field: Field | null): RunGroup[] {
  if (!field) return [{ value: null, title: null, runs: [...runs] }];
  const groups = new Map<FieldValue, RunRow[]>();
  for (const run of runs) {
    const value = field.value(run);
    groups.set(value, [...(groups.get(value) ?? []), run]);
  }
  return [...groups.entries()].map(([value, members]) => ({
    value,
    title: `${field.label}: ${value ?? "none"}`,
    runs: members,
  }));
}

function order(a: FieldValue, b: FieldValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
