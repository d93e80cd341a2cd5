// What several filters all take: `(f1:..0.5;split=val)`.
import type { Filter } from "../wire.ts";
import type { FilterKind } from "./filter-kind.ts";
import { opposite } from "./not.ts";

export const all: FilterKind<"all"> = {
  kind: "all",
  form: /^\((.*)\)$/s,
  parse: ([inner = ""], parsePart) => {
    // A part that cannot be read would let more or fewer samples through: then there is none.
    const filters = inner === "" ? [] : splitFilters(inner).map(parsePart);
    return filters.includes(null) ? null : { kind: "all", filters: filters as Filter[] };
  },
  print: (_, parts) => `(${parts.join(";")})`,
  slot: (_, parts) => `(${parts.join(";")})`,
  describe: (_, __, parts) => (parts.length ? `all of (${parts.join(" and ")})` : "any sample"),
  parts: ({ filters }) => filters,
  mask: (_, { parts, exampleIds }) => allOf(parts, exampleIds.length),
};

/** Texts between the semicolons that stand in no parentheses. */
export function splitFilters(text: string): string[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")") depth--;
    if (text[at] !== ";" || depth > 0) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

/** Rows that every mask takes; all of them where there is none. */
export function allOf(masks: readonly Uint8Array[], rows: number): Uint8Array {
  return masks.reduce(both, new Uint8Array(rows).fill(1));
}

export function both(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((taken, row) => taken & (right[row] as number));
}

/** Filters that together are one. */
export function splitAll(filter: Filter): Filter[] {
  return filter.kind === "all" ? filter.filters : [filter];
}

/** What all filters together leave out, as filters. */
export function complement(filters: readonly Filter[]): Filter[] {
  const [only, ...more] = filters;
  return splitAll(opposite(only && !more.length ? only : { kind: "all", filters: [...filters] }));
}
