// Polygons that people draw: which points are inside, and how few corners tell the same shape.
export type Point = [number, number];

/** 1 for each point inside the polygon, by the even-odd rule; a missing coordinate is outside. */
export function insidePolygon(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  polygon: readonly Point[],
): Uint8Array {
  const inside = new Uint8Array(xs.length);
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

function isInside(x: number, y: number, corners: Float64Array): boolean {
  let odd = false;
  let [x0, y0] = corners.subarray(-2) as unknown as Point;
  for (let at = 0; at < corners.length; at += 2) {
    const x1 = corners[at] as number;
    const y1 = corners[at + 1] as number;
    if (y1 > y !== y0 > y && x < ((x0 - x1) * (y - y1)) / (y0 - y1) + x1) odd = !odd;
    x0 = x1;
    y0 = y1;
  }
  return odd;
}

/** Fewer corners, none of the left-out ones farther than `tolerance` (Douglas and Peucker, 1973). */
export function simplified(polygon: readonly Point[], tolerance: number): Point[] {
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
export function rounded(value: number, digits = 5): number {
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
