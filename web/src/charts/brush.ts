// Where a brush begins and ends: at values as round as the bins, so that addresses stay readable.
export interface Range {
  low: number | null;
  high: number | null;
}

/** The range between two values; ends beyond the first or last bin stay open. */
export function brushedRange(from: number, to: number, edges: readonly number[], whole: boolean): Range | null {
  const [first, last] = [edges[0] as number, edges.at(-1) as number];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (high - low < (last - first) / 150) return null;
  if (whole) {
    const range = { low: Math.ceil(low), high: Math.floor(high) };
    if (range.low > range.high) range.low = range.high = Math.round((low + high) / 2);
    return {
      low: range.low <= Math.ceil(first) ? null : range.low,
      high: range.high >= Math.floor(last) ? null : range.high,
    };
  }
  const step = 10 ** Math.floor(Math.log10((last - first) / 100));
  const round = (value: number) => Number((Math.round(value / step) * step).toPrecision(10));
  return {
    low: low <= first + step / 2 ? null : round(low),
    high: high >= last - step / 2 ? null : round(high),
  };
}
