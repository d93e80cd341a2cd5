// Filters as text in an address: `f1:0.2..0.5;split=train,val;bbs_predicted[error_kind]=1,5@0.5`.
import type { Filter } from "../wire.ts";
import { splitFilters } from "./all.ts";
import { ALL_KINDS, kindOf, partsOf } from "./kinds.ts";

/** Deeper ones the server refuses. */
const MOST_NESTED = 100;

/** Filters as readable text; `textToFilters` makes the same filters of it. */
export function filtersToText(filters: readonly Filter[]): string {
  return filters.map(filterToText).join(";");
}

/** The filters of a text. What cannot be read is left out, as an address may be typed by hand. */
export function textToFilters(text: string | null): Filter[] {
  if (!text) return [];
  return splitFilters(text).flatMap((part) => textToFilter(part) ?? []);
}

function filterToText(filter: Filter): string {
  return kindOf(filter).print(filter, partsOf(filter).map(filterToText));
}

function textToFilter(text: string, depth = 0): Filter | null {
  if (depth > MOST_NESTED) return null;
  for (const { form, parse } of ALL_KINDS) {
    const found = form.exec(text);
    if (found) return parse(found.slice(1), (part) => textToFilter(part, depth + 1));
  }
  return null;
}
