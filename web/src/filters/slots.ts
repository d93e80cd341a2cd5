// What filters concern: those of one slot are shown as one, and do not narrow each other's histogram.
import type { Filter } from "../wire.ts";
import { kindOf, partsOf } from "./kinds.ts";

export function slotOf(filter: Filter): string {
  return kindOf(filter).slot(filter, partsOf(filter).map(slotOf));
}

/** Filters with those of a slot replaced by one, or taken away. */
export function withFilter(filters: readonly Filter[], slot: string, next: Filter | null): Filter[] {
  const at = filters.findIndex((filter) => slotOf(filter) === slot);
  const rest = filters.filter((filter) => slotOf(filter) !== slot);
  if (!next) return rest;
  const place = at < 0 ? rest.length : Math.min(at, rest.length);
  return [...rest.slice(0, place), next, ...rest.slice(place)];
}
