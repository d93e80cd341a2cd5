// Polygons that people draw: which points are inside, and how few corners tell the same shape.
export type Point = [number, number];

/** 1 for each point inside the polygon, by the even-odd rule; a missing coordinate is outside. */
export function insidePolygon(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  polygon: readonly Point[],
): Uint8Array {
  const inside = new Uint8Array(xs.length);
  if (polygon.length < 3) return inside;
  const [left, right] = extent(polygon.map(([x]) => x));
  const [bottom, top] = extent(polygon.map(([, y]) => y));
  const corners = Float64Array.from(polygon.flat());
  for (let row = 0; row < inside.length; row++) {
    const x = xs[row] as number;
    const y = ys[row] as number;
    if (x >= left && x <= right && y >= bottom && y <= top && isInside(x, y, corners)) {
      inside[row] = 1;
    }
  }
  return inside;
}

/** Edge by edge as the server does it, so that both round alike; without a division. */
function isInside(x: number, y: number, corners: Float64Array): boolean {
  let odd = false;
  let x1 = corners[corners.length - 2] as number;
  let y1 = corners[corners.length - 1] as number;
  for (let at = 0; at < corners.length; at += 2) {
    const x0 = corners[at] as number;
    const y0 = corners[at + 1] as number;
    if (y0 > y !== y1 > y) {
      const run = (x1 - x0) * (y - y0);
      const rise = (x - x0) * (y1 - y0);
      if (y1 > y0 ? rise < run : rise > run) odd = !odd;
    }
    x1 = x0;
    y1 = y0;
  }
  return odd;
}

/** A sum over three columns for each row, in double precision and in the server's order. */
export function weightedSum(
  [byX, byY, byZ]: readonly [number, number, number],
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  zs: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(xs.length);
  for (let row = 0; row < sums.length; row++) {
    sums[row] = byX * (xs[row] as number) + byY * (ys[row] as number) + byZ * (zs[row] as number);
  }
  return sums;
}

/** As many corners as an address and a server take easily. */
const MOST_CORNERS = 500;

/** Fewer corners, none of the left-out ones farther than `tolerance`, or twice it, or ... */
export function simplifyPolygon(polygon: readonly Point[], tolerance: number): Point[] {
  const fewer = keepCorners(polygon, tolerance);
  return fewer.length > MOST_CORNERS ? simplifyPolygon(fewer, 2 * tolerance) : fewer;
}

/** Source: D. Douglas and T. Peucker, 1973. */
function keepCorners(polygon: readonly Point[], tolerance: number): Point[] {
  if (polygon.length < 4) return [...polygon];
  const keep = new Uint8Array(polygon.length);
  keep[0] = keep[polygon.length - 1] = 1;
  const spans: [number, number][] = [[0, polygon.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [first, last] = span;
    const [farthest, distance] = farthestFrom(polygon, first, last);
    if (distance <= tolerance) continue;
    keep[farthest] = 1;
    spans.push([first, farthest], [farthest, last]);
  }
  const kept = polygon.filter((_, at) => keep[at]);
  return kept.length >= 3 ? kept : [...polygon];
}

function farthestFrom(polygon: readonly Point[], first: number, last: number): Point {
  let farthest = first;
  let most = -1;
  for (let at = first + 1; at < last; at++) {
    const distance = toSegment(polygon[at] as Point, polygon[first] as Point, polygon[last] as Point);
    if (distance > most) [farthest, most] = [at, distance];
  }
  return [farthest, most];
}

function toSegment([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const along = length ? ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length : 0;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
}

export function rectangle([x0, y0]: Point, [x1, y1]: Point): Point[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** A number with as many digits as one can see, so that addresses stay short. */
export function roundDigits(value: number, digits = 5): number {
  return Number(value.toPrecision(digits));
}

/** Smallest and largest number; NaN is passed over. */
export function extent(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** How far values go from zero. */
export function reachOf(values: ArrayLike<number>): number {
  let reach = 0;
  for (let row = 0; row < values.length; row++) {
    const size = Math.abs(values[row] as number);
    if (size > reach) reach = size;
  }
  return reach;
}
