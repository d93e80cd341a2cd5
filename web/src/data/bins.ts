// Bins of a column: where each row falls in a histogram.
import type { Column } from "../wire.ts";

/** How a column is counted: `edges` for numbers (one more than bins), `values` for the rest. */
export interface Bins {
  count: number;
  edges: number[] | null;
  values: (number | string | boolean | null)[] | null;
}

const MOST = 40;

/** Bins of a column, or null where it has none: text, images, boxes. */
export function binsOf(column: Column): Bins | null {
  if (column.role === "bool") return binsOfValues([0, 1]);
  if (column.role === "category" && column.categories) {
    return binsOfValues(column.categories.map(({ id }) => id));
  }
  if (column.role !== "number" || column.minimum === null || column.maximum === null) return null;
  return binsOfNumbers(column.minimum, column.maximum, column.kind === "int");
}

function binsOfValues(values: number[]): Bins {
  return { count: values.length, edges: null, values };
}

function binsOfNumbers(low: number, high: number, whole: boolean): Bins {
  if (whole && high - low < MOST) {
    const count = high - low + 1;
    return { count, values: null, edges: Array.from({ length: count + 1 }, (_, i) => low - 0.5 + i) };
  }
  if (high <= low) return { count: 1, values: null, edges: [low, low + (whole ? 1 : 1e-9)] };
  const step = whole ? Math.ceil((high - low + 1) / MOST) : (high - low) / MOST;
  const count = whole ? Math.ceil((high - low + 1) / step) : MOST;
  const start = whole ? low - 0.5 : low;
  return {
    count,
    values: null,
    edges: Array.from({ length: count + 1 }, (_, i) => start + i * step),
  };
}

/** The bin of each row; `bins.count` for a missing value or one that has no bin. */
export function assignBins(values: ArrayLike<number>, bins: Bins): Uint16Array {
  return bins.edges ? byEdges(values, bins.edges) : byValues(values, bins.values as number[]);
}

function byEdges(values: ArrayLike<number>, edges: number[]): Uint16Array {
  const count = edges.length - 1;
  const first = edges[0] as number;
  const last = edges[count] as number;
  const scale = count / (last - first);
  const rows = new Uint16Array(values.length);
  for (let row = 0; row < rows.length; row++) {
    const value = values[row] as number;
    const at = Math.floor((value - first) * scale);
    // The largest value belongs to the last bin; float32 may lie a little outside of both ends.
    rows[row] = Number.isNaN(value) ? count : Math.max(0, Math.min(at, count - 1));
  }
  return rows;
}

function byValues(values: ArrayLike<number>, known: number[]): Uint16Array {
  const places = new Map(known.map((value, place) => [value, place]));
  const rows = new Uint16Array(values.length);
  for (let row = 0; row < rows.length; row++) {
    rows[row] = places.get(values[row] as number) ?? known.length;
  }
  return rows;
}
