// Values of columns in words.
import { shortNumber } from "../parts/numbers.ts";
import type { Category, Column } from "../wire.ts";

/** A value of a sample as text; a dash where it has none. */
export function valueText(value: unknown, column: Column | undefined): string {
  if (value === null || value === undefined) return "–";
  if (column?.role === "number") return shortNumber(Number(value));
  return valueName(value as string | number | boolean, column);
}

/** What one of the values of a column is called: the name of a class, `true`, `missing`. */
export function valueName(value: string | number | boolean | null, column: Column | undefined): string {
  if (value === null) return "missing";
  if (column?.role === "category") return categoryName(Number(value), column.categories);
  if (column?.role === "bool") return Boolean(value) && value !== 0 ? "true" : "false";
  return String(value);
}

export function categoryName(value: number | null, categories: readonly Category[] | null): string {
  if (value === null) return "missing";
  return categories?.find(({ id }) => id === value)?.name.replaceAll("_", " ") ?? String(value);
}
