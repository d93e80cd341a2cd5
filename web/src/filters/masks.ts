// Which rows a filter takes, decided in the browser: 1 for taken, 0 for left out.
import type { Filter } from "../wire.ts";
import { isJoint } from "./joining.ts";
import { kindOf, partsOf } from "./kinds.ts";

/** Values of a column by its name; undefined where the browser has not loaded it. */
export type Columns = (name: string) => ArrayLike<unknown> | undefined;

/**
 * Rows that a filter takes, from the masks of its parts, or null where only the server can say.
 *
 * Text, instances and the confusion matrix need values that the browser does not hold. What is
 * drawn around is decided here only while it is drawn (`preview`).
 */
export function maskFromParts(
  filter: Filter,
  parts: readonly Uint8Array[],
  columns: Columns,
  exampleIds: ArrayLike<number>,
  preview: boolean,
): Uint8Array | null {
  const kind = kindOf(filter);
  if (isJoint(filter) || !kind.mask || (kind.isDrawn && !preview)) return null;
  const values = (kind.columns?.(filter) ?? []).map(columns);
  if (values.includes(undefined)) return null;
  return kind.mask(filter, { exampleIds, values: values as ArrayLike<unknown>[], parts });
}

/** Columns that the browser decides a filter by. */
export function columnsOf(filter: Filter): string[] {
  return [...(kindOf(filter).columns?.(filter) ?? []), ...partsOf(filter).flatMap(columnsOf)];
}

/** Whether a filter is one that somebody draws, or made of such. */
export function isDrawn(filter: Filter): boolean {
  return kindOf(filter).isDrawn === true || partsOf(filter).some(isDrawn);
}
