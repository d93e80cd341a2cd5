// Numbers between two ends: `f1:0.2..0.5`.
import { quote, unquote } from "./quoting.ts";
import { shortNumber } from "../parts/numbers.ts";
import type { FilterKind, OfKind } from "./filter-kind.ts";
import { NUMBER } from "./numbers-form.ts";

export const range: FilterKind<"range"> = {
  kind: "range",
  form: new RegExp(`^([^:]+):(${NUMBER})?\\.\\.(${NUMBER})?$`),
  parse: ([column = "", low, high]) => ({
    kind: "range",
    column: unquote(column),
    low: low ? Number(low) : null,
    high: high ? Number(high) : null,
  }),
  print: ({ column, low, high }) => `${quote(column)}:${low ?? ""}..${high ?? ""}`,
  slot: ({ column }) => column,
  describe,
  columns: ({ column }) => [column],
  mask: ({ low, high }, { values }) => inRange(values[0] as ArrayLike<number>, low ?? null, high ?? null),
};

function describe({ column, low, high }: OfKind<"range">): string {
  if (low != null && high != null) {
    return low === high ? `${column} = ${shortNumber(low)}` : `${column} ${shortNumber(low)} to ${shortNumber(high)}`;
  }
  if (low != null) return `${column} ≥ ${shortNumber(low)}`;
  return high != null ? `${column} ≤ ${shortNumber(high)}` : `${column} is known`;
}

export function inRange(values: ArrayLike<number>, low: number | null, high: number | null): Uint8Array {
  const mask = new Uint8Array(values.length);
  // What came as float32 is compared with the float32 of the limits: 0.1 is not below 0.1.
  const round = values instanceof Float32Array ? Math.fround : Number;
  const least = low === null ? Number.NEGATIVE_INFINITY : round(low);
  const most = high === null ? Number.POSITIVE_INFINITY : round(high);
  for (let row = 0; row < mask.length; row++) {
    const value = values[row] as number;
    mask[row] = value >= least && value <= most ? 1 : 0;
  }
  return mask;
}
