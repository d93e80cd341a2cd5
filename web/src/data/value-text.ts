// Values of columns in words.
import { valueName } from "../filters/names.ts";
import { shortNumber } from "../parts/numbers.ts";
import type { Column } from "../wire.ts";

/** A value of a sample as text; a dash where it has none. */
export function valueText(value: unknown, column: Column | undefined): string {
  if (value === null || value === undefined) return "–";
  if (column?.role === "number") return shortNumber(Number(value));
  return valueName(value as string | number | boolean, column);
}
