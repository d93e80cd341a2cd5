// Filters of one list that are about one thing: conditions on one object are decided together.
import type { Filter } from "../wire.ts";
import { ofKind } from "./filter-kind.ts";
import { kindOf } from "./kinds.ts";

function joinKey(filter: Filter): string | null {
  return kindOf(filter).joinKey?.(filter) ?? null;
}

/** The same filters, with those of one key as one. */
export function joinFilters(filters: readonly Filter[]): Filter[] {
  const groups = new Map<unknown, Filter[]>();
  for (const filter of filters) {
    const key = joinKey(filter) ?? filter;
    groups.set(key, [...(groups.get(key) ?? []), filter]);
  }
  return [...groups.values()].map(([first, ...more]) =>
    more.length ? { kind: "all", filters: [first as Filter, ...more] } : (first as Filter),
  );
}

/** Whether all filters of a group are about one thing: their masks one by one would say too much. */
export function isJoint(filter: Filter): boolean {
  const keys = ofKind(filter, "all")?.filters.map(joinKey) ?? [];
  return keys.length > 1 && keys[0] !== null && keys.every((key) => key === keys[0]);
}
