// How numbers are written on the screen.

// Made once: `toLocaleString` makes one for every number, which costs more than to draw all points.
const WHOLE = new Intl.NumberFormat("en-US");
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** A number in about four digits: `0.9431`, `1.5e-5`, `19,020,514`. */
export function shortNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return wholeNumber(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return trimZeros(value.toExponential(2));
  return size >= 1000 ? TENTHS.format(value) : digits(value);
}

/** `80,000` */
export function wholeNumber(value: number): string {
  return WHOLE.format(value);
}

/** A count: `1,234 images`, `1 image`. */
export function countWith(count: number, noun: string, nouns = `${noun}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? noun : nouns}`;
}

/** A fraction as a share: `12.5 %`. */
export function percent(fraction: number): string {
  return `${shortNumber(Math.round(fraction * 1000) / 10)} %`;
}

/** With its sign, as differences are written: `+0.12`, `−0.3`, `0`. */
export function signed(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "–";
  const text = shortNumber(Math.abs(value));
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+e/, "e").replace("e+", "e");
}
