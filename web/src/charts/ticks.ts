// Round numbers along an axis, and numbers as people read them.

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

/** A number with at most `digits` digits that matter: `0.333`, `12,346`, `1.2e9`. */
export function shortNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(digits - 1).replace("+", "");
  const decimals = size >= 10 ** digits ? 0 : digits;
  return value.toLocaleString("en", {
    maximumSignificantDigits: decimals === 0 ? undefined : digits,
    maximumFractionDigits: decimals === 0 ? 0 : undefined,
  });
}

/** `80,000` */
export function wholeNumber(value: number): string {
  return value.toLocaleString("en");
}
