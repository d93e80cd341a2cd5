// All kinds of filters: a new one is a file of its own and a line here.
import type { Filter } from "../wire.ts";
import { all } from "./all.ts";
import { confusion } from "./confusion.ts";
import type { FilterKind, KindName } from "./filter-kind.ts";
import { instances } from "./instances.ts";
import { not } from "./not.ts";
import { oneOf } from "./one-of.ts";
import { polygon } from "./polygon.ts";
import { projected } from "./projected.ts";
import { range } from "./range.ts";
import { rows } from "./rows.ts";
import { text } from "./text.ts";

/** In the order in which their forms are tried. */
const KINDS: { [K in KindName]: FilterKind<K> } = {
  not, all, rows, confusion, projected, polygon, instances, range, one_of: oneOf, text,
};

/** A kind whose methods take any filter; they are only called with filters of that kind. */
export type AnyKind = FilterKind<KindName>;

export const ALL_KINDS = Object.values(KINDS) as unknown as readonly AnyKind[];

export function kindOf(filter: Filter): AnyKind {
  return KINDS[filter.kind] as unknown as AnyKind;
}

export function partsOf(filter: Filter): readonly Filter[] {
  return kindOf(filter).parts?.(filter) ?? [];
}
