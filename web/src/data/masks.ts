// Which rows a filter takes, decided in the browser: 1 for taken, 0 for left out.
import type { Filter } from "../wire.ts";
import { insidePolygon, weightedSum } from "./polygon.ts";

/** Values of a column by its name; undefined where the browser has not loaded it. */
export type Columns = (name: string) => ArrayLike<number> | undefined;

/**
 * Rows that a filter takes, or null where only the server can say.
 *
 * Text, instances and the confusion matrix need values that the browser does not hold. Polygons are
 * decided here only while they are drawn (`preview`), since columns come as float32: the exact
 * answer is the server's, of whole doubles.
 */
export function localMask(
  filter: Filter,
  columns: Columns,
  exampleIds: ArrayLike<number>,
  preview: boolean,
): Uint8Array | null {
  switch (filter.kind) {
    case "not": {
      const mask = localMask(filter.filter, columns, exampleIds, preview);
      return mask && inverted(mask);
    }
    case "range": {
      const values = columns(filter.column);
      return values ? inRange(values, filter.low ?? null, filter.high ?? null) : null;
    }
    case "one_of": {
      const values = columns(filter.column);
      return values ? oneOf(values, filter.values) : null;
    }
    case "rows":
      return ofRows(exampleIds, filter.example_ids);
    case "polygon": {
      const xs = columns(filter.x);
      const ys = columns(filter.y);
      return preview && xs && ys ? insidePolygon(xs, ys, filter.points) : null;
    }
    case "projected": {
      const [xs, ys, zs] = [filter.x, filter.y, filter.z].map(columns);
      if (!preview || !xs || !ys || !zs) return null;
      const [across, up] = [filter.across, filter.up].map((by) => weightedSum(by, xs, ys, zs));
      return insidePolygon(across as Float64Array, up as Float64Array, filter.points);
    }
    case "all": {
      const masks = filter.filters.map((one) => localMask(one, columns, exampleIds, preview));
      return masks.includes(null) ? null : allOf(masks as Uint8Array[], exampleIds.length);
    }
    default:
      return null;
  }
}

export function inRange(
  values: ArrayLike<number>,
  low: number | null,
  high: number | null,
): Uint8Array {
  const mask = new Uint8Array(values.length);
  // What came as float32 is compared with the float32 of the limits: 0.1 is not below 0.1.
  const [from, to] = values instanceof Float32Array ? [Math.fround, Math.fround] : [Number, Number];
  const least = low === null ? Number.NEGATIVE_INFINITY : from(low);
  const most = high === null ? Number.POSITIVE_INFINITY : to(high);
  for (let row = 0; row < mask.length; row++) {
    const value = values[row] as number;
    mask[row] = value >= least && value <= most ? 1 : 0;
  }
  return mask;
}

export function oneOf(
  values: ArrayLike<number>,
  wanted: readonly (number | string | boolean | null)[],
): Uint8Array {
  const numbers = new Set(wanted.filter((value) => value !== null).map((value) => Number(value)));
  const missing = wanted.includes(null);
  const mask = new Uint8Array(values.length);
  for (let row = 0; row < mask.length; row++) {
    const value = values[row] as number;
    mask[row] = (value !== value ? missing : numbers.has(value)) ? 1 : 0;
  }
  return mask;
}

/** Rows with one of the ids. `exampleIds` ascends. */
export function ofRows(exampleIds: ArrayLike<number>, wanted: ArrayLike<number>): Uint8Array {
  const mask = new Uint8Array(exampleIds.length);
  for (let at = 0; at < wanted.length; at++) {
    const row = rowOf(exampleIds, wanted[at] as number);
    if (row >= 0) mask[row] = 1;
  }
  return mask;
}

/** The row of an id, or -1. Most sources have all rows, so an id is its own row. */
export function rowOf(exampleIds: ArrayLike<number>, id: number): number {
  if (exampleIds[id] === id) return id;
  let [low, high] = [0, exampleIds.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = exampleIds[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function inverted(mask: Uint8Array): Uint8Array {
  return mask.map((taken) => 1 - taken);
}

/** Rows that every mask takes; all of them where there is none. */
export function allOf(masks: readonly Uint8Array[], rows: number): Uint8Array {
  return masks.reduce(both, new Uint8Array(rows).fill(1));
}

export function both(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((taken, row) => taken & (right[row] as number));
}

/** Filters that concern one thing share a slot: its histogram is not narrowed by them. */
export function slotOf(filter: Filter): string {
  switch (filter.kind) {
    case "not":
      return slotOf(filter.filter);
    case "instances":
      return `${filter.column}[${filter.property}]`;
    case "polygon":
      return `${filter.x}*${filter.y}`;
    case "projected":
      return `${filter.x}*${filter.y}*${filter.z}`;
    case "all":
      return `(${filter.filters.map(slotOf).join(";")})`;
    case "rows":
    case "confusion":
      return filter.kind;
    default:
      return filter.column;
  }
}
