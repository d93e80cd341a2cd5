// Values of columns as people call them.
import type { Category, Column } from "../wire.ts";

export function valueName(value: string | number | boolean | null, column: Column | undefined): string {
  if (value === null) return "missing";
  if (column?.role === "category") return categoryName(Number(value), column.categories);
  if (column?.role === "bool") return value ? "true" : "false";
  return String(value);
}

/** As the class is called, to the letter. */
export function categoryName(value: number | null, categories: readonly Category[] | null): string {
  if (value === null) return "missing";
  return categories?.find(({ id }) => id === value)?.name ?? String(value);
}

/** A value of a property of instances: kinds of errors are our own words, classes are the user's. */
export function instanceValueName(property: string, value: number | null, categories: readonly Category[] | null): string {
  const name = categoryName(value, categories);
  return property === "error_kind" ? name.replaceAll("_", " ") : name;
}

export function columnOf(columns: readonly Column[], name: string): Column | undefined {
  return columns.find((column) => column.name === name);
}

export function listWords(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} or ${names.length - 2} others`;
  return names.length < 2 ? (names[0] ?? "nothing") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
