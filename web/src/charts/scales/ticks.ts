// Round numbers along an axis.

/** About `count` round numbers from `low` to `high`. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** Powers of ten from `low` to `high`; over a short way 1, 2 and 5 times them, or round numbers. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const powers = Array.from({ length: last - first + 1 }, (_, at) => Number(`1e${first + at}`));
  const keepInRange = (values: number[]) => values.filter((value) => value >= low && value <= high);
  const every = Math.ceil((last - first) / 8);
  const tens = keepInRange(powers.filter((_, at) => at % every === 0));
  if (tens.length > 3) return tens;
  const finer = keepInRange(powers.flatMap((power) => [1, 2, 5].map((factor) => Number((factor * power).toPrecision(1)))));
  return finer.length > 1 ? finer : ticks(low, high, 4);
}

/** Counts along an axis that starts at 0 and grows by the logarithm. */
export function countTicks(most: number): number[] {
  return [0, ...(most > 1 ? logTicks(1, most) : [1])];
}
