// Orders as text in an address: `f1` and `-f1` (descending), separated by commas.
import type { Sort } from "../wire.ts";
import { quote, unquote } from "../filters/quoting.ts";

export function sortToText(sort: readonly Sort[]): string {
  return sort.map((by) => (by.descending ? "-" : "") + quote(by.column)).join(",");
}

export function textToSort(text: string | null): Sort[] {
  if (!text) return [];
  return text.split(",").map((part) => {
    const descending = part.startsWith("-");
    return { column: unquote(descending ? part.slice(1) : part), descending };
  });
}
