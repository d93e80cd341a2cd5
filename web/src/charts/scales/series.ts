// Curves as a chart draws them: one x axis for all, smoothed if asked.
import { csv } from "./csv.ts";

export interface Series {
  name: string;
  color: string;
  /** Ascending. */
  x: number[];
  /** null where there is none. */
  y: (number | null)[];
  dashed?: boolean;
}

/** All x values, ascending, and each series on them; null where a series has none. */
export function alignSeries(series: readonly Series[]): [number[], ...(number | null)[][]] {
  const all = [...new Set(series.flatMap((one) => one.x))].sort((a, b) => a - b);
  const place = new Map(all.map((x, index) => [x, index]));
  const columns = series.map((one) => {
    const column = new Array<number | null>(all.length).fill(null);
    one.x.forEach((x, index) => {
      column[place.get(x) as number] = one.y[index] ?? null;
    });
    return column;
  });
  return [all, ...columns];
}

/**
 * Exponential moving average, free of the bias towards its start; what is missing stays missing.
 *
 * `weight` in [0, 1): of what was before.
 *
 * Source: Adam (Kingma and Ba, 2015), bias correction of the first moment.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let seen = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    seen += 1;
    return mean / (1 - weight ** seen);
  });
}

/** The value at `x`, or the last one before it. */
export function valueAt(series: Series, x: number | null): number | null {
  for (let at = series.x.length - 1; at >= 0; at--) {
    const value = series.y[at] ?? null;
    if (value !== null && (x === null || (series.x[at] as number) <= x)) return value;
  }
  return null;
}

/** One line an x value, one column a series; what is missing is empty. */
export function seriesCsv(series: readonly Series[], xLabel: string): string {
  const [xs, ...columns] = alignSeries(series);
  const head = [xLabel, ...series.map((one) => one.name)];
  return csv([head, ...xs.map((x, row) => [x, ...columns.map((column) => column[row] ?? "")])]);
}

const COLORS = 8;

/** Token of the colour of series `index`; the ninth has that of the first. */
export function seriesColor(index: number): string {
  return `--series-${(index % COLORS) + 1}`;
}
