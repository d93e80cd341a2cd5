// Rows as they are with all unsaved edits, in the names of the source that shows them.
import type { Values } from "../picture/layers.ts";
import type { SourceInfo } from "../wire.ts";
import { deletedNow, type Edits, toCommit } from "./edits.ts";
import { placesBefore } from "./instance-values.ts";

/** What a source calls the columns of its Table, with their names there. */
export function namesInTable(info: SourceInfo, table: SourceInfo | null): ReadonlyMap<string, string> {
  const names = table ? info.columns.map(({ name }) => [name, columnInTable(name, info, table)] as const) : [];
  return new Map(names.filter(([, theirs]) => theirs !== null) as [string, string][]);
}

/** A column of a source as its Table calls it; null where it is not of the Table. */
function columnInTable(name: string, info: SourceInfo, table: SourceInfo): string | null {
  const column = info.columns.find((one) => one.name === name);
  if (column?.origin !== "input") return null;
  const known = (wanted: string) => table.columns.some((one) => one.name === wanted);
  const bare = name.replace(/^input_/, "");
  return known(name) ? name : known(bare) ? bare : null;
}

/** Values with edits in them. What was found of labels that have changed is not known any more. */
export function withEdits(
  stored: Values,
  names: ReadonlyMap<string, string>,
  now: (column: string, stored: unknown) => unknown,
): Values {
  const values: Values = { ...stored };
  for (const [name, column] of names) {
    if (!(name in stored)) continue;
    const next = now(column, stored[name]);
    if (next === stored[name]) continue;
    values[name] = next;
    if (!next || typeof next !== "object") continue;
    const places = placesBefore(stored[name], next);
    for (const known of ["ground_truth_kind", "ground_truth_match"]) {
      const before = stored[known] as ArrayLike<unknown> | null | undefined;
      if (known in stored) values[known] = before ? places.map((place) => before[place] ?? null) : null;
    }
  }
  return values;
}

export type EditMarkKind = "edited" | "removed";

/** What unsaved edits make of the samples of a list. */
export interface EditMarks {
  of: (exampleId: number) => EditMarkKind | null;
  /** A row with the edits in it; always the same object for one row. */
  row: <R extends Values>(row: R) => R;
}

export const NO_EDIT_MARKS: EditMarks = { of: () => null, row: (row) => row };

export function editMarks(edits: Edits, names: ReadonlyMap<string, string>): EditMarks {
  const deleted = deletedNow(edits);
  const changed = new Map<number, Map<string, unknown>>();
  for (const { example_id: id, column, value } of toCommit(edits).edits) {
    changed.set(id, (changed.get(id) ?? new Map()).set(column, value));
  }
  if (!deleted.size && !changed.size) return NO_EDIT_MARKS;
  const known = new WeakMap<Values, Values>();
  return {
    of: (id) => (deleted.has(id) ? "removed" : changed.has(id) ? "edited" : null),
    row: <R extends Values>(row: R): R => {
      const values = changed.get(row.example_id as number);
      if (!values) return row;
      const made = known.get(row) ?? withEdits(row, names, (column, stored) => (values.has(column) ? values.get(column) : stored));
      known.set(row, made);
      return made as R;
    },
  };
}
