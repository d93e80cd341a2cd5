// A filter in words.
import type { Column, Filter } from "../wire.ts";
import { kindOf, partsOf } from "./kinds.ts";

/** One line, as short as a chip needs it. */
export function describeFilter(filter: Filter, columns: readonly Column[]): string {
  const parts = partsOf(filter).map((part) => describeFilter(part, columns));
  return kindOf(filter).describe(filter, columns, parts);
}
