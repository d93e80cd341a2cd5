// What differs between runs.
import { GROUPS, groupOf } from "../charts/curve-groups.ts";
import type { RunRow } from "../wire.ts";
import {
  type Field,
  type FieldValue,
  fieldsOf,
  isTelling,
  isWatched,
  nameOf,
  rank,
  valuesOf,
} from "./field.ts";

export interface ComparedField {
  field: Field;
  values: FieldValue[];
  isDifferent: boolean;
}

/** Hyperparameters or metrics of runs, one value a run; those that differ and tell most come first. */
export function compared(runs: readonly RunRow[], group: Field["group"]): ComparedField[] {
  return fieldsOf(runs)
    .filter((field) => field.group === group)
    .map((field) => ({
      field,
      values: runs.map((run) => field.value(run)),
      isDifferent: valuesOf(field, runs).length > 1,
    }))
    .sort(
      (a, b) =>
        Number(b.isDifferent) - Number(a.isDifferent) ||
        importance(b.field, runs) - importance(a.field, runs),
    );
}

/** Well-known hyperparameters before others, folders last; metrics in the order of their charts. */
function importance(field: Field, runs: readonly RunRow[]): number {
  if (field.group === "Metrics") return isWatched(field, runs) ? 1 : -GROUPS.indexOf(groupOf(nameOf(field)));
  return isTelling(field, runs) ? -rank(field) : -100;
}

/** Which value is best; null without two values, and where no run says which way is better. */
export function bestOf({ better }: Field, values: readonly FieldValue[]): number | null {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < 2 || better === null) return null;
  return better === "lower" ? Math.min(...numbers) : Math.max(...numbers);
}
