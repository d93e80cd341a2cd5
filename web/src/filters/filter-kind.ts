// What every kind of filter says of itself: how it is written, what it takes, how it is described.
import type { Column, Filter } from "../wire.ts";

export type KindName = Filter["kind"];
export type OfKind<K extends KindName> = Extract<Filter, { kind: K }>;

/** What the browser decides a filter by. */
export interface MaskInput {
  /** Of each row, ascending. */
  exampleIds: ArrayLike<number>;
  /** The columns that the kind asked for, in that order; missing numbers are NaN. */
  values: readonly ArrayLike<unknown>[];
  /** Masks of the parts. */
  parts: readonly Uint8Array[];
}

export interface FilterKind<K extends KindName> {
  kind: K;
  /** Texts of this kind in an address; the first kind whose form fits reads a text. */
  form: RegExp;
  /** The filter that the groups of the form say; null if they cannot be read. */
  parse: (groups: readonly string[], parsePart: (text: string) => Filter | null) => OfKind<K> | null;
  /** What `parse` reads. `parts` are the texts of its parts. */
  print: (filter: OfKind<K>, parts: readonly string[]) => string;
  /** What it concerns: filters with one slot are shown as one, and do not narrow its histogram. */
  slot: (filter: OfKind<K>, parts: readonly string[]) => string;
  /** In words, as short as a chip needs it. */
  describe: (filter: OfKind<K>, columns: readonly Column[], parts: readonly string[]) => string;
  /** The filters that it is made of. */
  parts?: (filter: OfKind<K>) => readonly Filter[];
  /** Filters with one key that stand beside each other are decided together, by the server. */
  joinKey?: (filter: OfKind<K>) => string;
  /** Names of the columns that `mask` needs. */
  columns?: (filter: OfKind<K>) => string[];
  /** 1 for each row that it takes; a kind without it is the server's to decide. */
  mask?: (filter: OfKind<K>, input: MaskInput) => Uint8Array;
  /**
   * Whether `mask` is for while somebody draws only, since columns come in single precision: the
   * exact answer is the server's.
   */
  isDrawn?: boolean;
}

/** A filter if it is of a kind. */
export function ofKind<K extends KindName>(filter: Filter | null, kind: K): OfKind<K> | null {
  return filter?.kind === kind ? (filter as OfKind<K>) : null;
}
