// From values of columns to pixels, and back.
import { type Point, roundDigits } from "../../parts/polygon.ts";

/** Values shown by a scatter: two or three columns. */
export interface Extents {
  x: [number, number];
  y: [number, number];
  z: [number, number] | null;
}

/** What a person did to the view: `zoom` 1 shows everything; the centre is in [0, 1]. */
export interface Camera {
  zoom: number;
  x: number;
  y: number;
  /** Rotation in 3-D, radians: around the vertical, then around the horizontal axis. */
  turn: number;
  tilt: number;
}

export const WHOLE: Camera = { zoom: 1, x: 0.5, y: 0.5, turn: 0.6, tilt: 0.4 };

/**
 * Pixels as sums over the columns, `[ax, ay, az, a, bx, by, bz, b, cx, cy, cz, c]`: across is
 * `ax x + ay y + az z + a`, down likewise; the last row is the depth in [-1, 1], near is small.
 */
export type Projection = Float64Array;

interface Frame {
  width: number;
  height: number;
  /** Pixels around the data. */
  margin: number;
  /** Whether a unit is as long across as down: on a map, where distances mean something. */
  even: boolean;
}

export function projection(extents: Extents, view: Camera, frame: Frame): Projection {
  return extents.z ? turnedProjection(extents, extents.z, view, frame) : flatProjection(extents, view, frame);
}

function flatProjection({ x, y }: Extents, view: Camera, frame: Frame): Projection {
  const [across, down] = scales(frame, span(x), span(y));
  const ax = across * view.zoom;
  const by = -down * view.zoom;
  const a = frame.width / 2 - ax * (x[0] + view.x * span(x));
  const b = frame.height / 2 - by * (y[0] + view.y * span(y));
  return Float64Array.of(ax, 0, 0, a, 0, by, 0, b, 0, 0, 0, 0);
}

function turnedProjection(extents: Extents, z: [number, number], view: Camera, frame: Frame): Projection {
  const ranges = [extents.x, extents.y, z] as const;
  const most = Math.max(...ranges.map(span));
  // Each column to about [-0.6, 0.6], so that a turning cube stays in the frame.
  const units = ranges.map((range) => 1.2 / (frame.even ? most : span(range)));
  const [ct, st, cp, sp] = [
    Math.cos(view.turn),
    Math.sin(view.turn),
    Math.cos(view.tilt),
    Math.sin(view.tilt),
  ];
  const rows = [
    [ct, 0, st],
    [sp * st, cp, -sp * ct],
    [-cp * st, sp, cp * ct],
  ];
  const size = (Math.min(frame.width, frame.height) / 2 - frame.margin) * view.zoom;
  const out = new Float64Array(12);
  const [across, down, depth] = [size, -size, 1];
  [across, down, depth].forEach((scale, row) => {
    let offset = 0;
    ranges.forEach((range, column) => {
      const factor = (rows[row]?.[column] as number) * (units[column] as number) * scale;
      out[row * 4 + column] = factor;
      offset -= (factor * (range[0] + range[1])) / 2;
    });
    out[row * 4 + 3] = offset;
  });
  out[3]! += frame.width * (0.5 + (0.5 - view.x) * view.zoom);
  out[7]! += frame.height * (0.5 + (view.y - 0.5) * view.zoom);
  return out;
}

function scales(frame: Frame, width: number, height: number): [number, number] {
  const across = Math.max(1, frame.width - 2 * frame.margin) / width;
  const down = Math.max(1, frame.height - 2 * frame.margin) / height;
  return frame.even ? [Math.min(across, down), Math.min(across, down)] : [across, down];
}

/** The values under a pixel; in two dimensions only. */
export function unproject(projection: Projection, [across, down]: Point): Point {
  return [
    (across - (projection[3] as number)) / (projection[0] as number),
    (down - (projection[7] as number)) / (projection[5] as number),
  ];
}

/**
 * The values in the middle of the frame, at the middle of the depth. Sums over distances from there
 * are exact where one looks, in single precision too.
 */
export function middleOf(projection: Projection, width: number, height: number): Three {
  const [a, b, c, a0, d, e, f, d0, g, h, i, g0] = projection as unknown as number[] as Twelve;
  const [across, down, depth] = [width / 2 - a0, height / 2 - d0, -g0];
  if (!c && !f && !i) return [across / a, down / e, 0];
  // Cramer's rule.
  const [m, n, o] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const all = a * m + b * n + c * o;
  return [
    (across * m + down * (c * h - b * i) + depth * (b * f - c * e)) / all,
    (across * n + down * (a * i - c * g) + depth * (c * d - a * f)) / all,
    (across * o + down * (b * g - a * h) + depth * (a * e - b * d)) / all,
  ];
}

type Twelve = [
  number, number, number, number, number, number,
  number, number, number, number, number, number,
];

type Three = [number, number, number];

/** A picture of three columns: what they are multiplied with for its two sums. */
export interface Plane {
  across: Three;
  up: Three;
}

/** What is drawn on the screen: its corners as values of two columns, or as sums on a plane. */
export interface LassoShape {
  points: Point[];
  plane: Plane | null;
}

/** Finer than anybody draws. */
const PIXEL_SHARE = 0.1;

/**
 * A shape of pixels in three dimensions. Its numbers have as many digits as one can see: the factors
 * are rounded first, and the corners are where the rounded ones put the pixels.
 */
export function onPlane(projection: Projection, extents: Extents, zoom: number, pixels: Point[]): LassoShape {
  const p = projection as unknown as number[];
  const scale = Math.hypot(p[0]!, p[1]!, p[2]!);
  const ranges = [extents.x, extents.y, extents.z ?? [0, 0]] as const;
  const digits = Math.min(15, 5 + Math.ceil(Math.log10(Math.max(1, zoom))));
  const factors = (row: number, sign: number) =>
    ranges.map((range, column) => {
      const factor = (sign * p[row + column]!) / scale;
      return Math.abs(factor * scale * span(range)) < PIXEL_SHARE / 10 ? 0 : roundDigits(factor, digits);
    }) as Three;
  const plane: Plane = { across: factors(0, 1), up: factors(4, -1) };
  const centre = ranges.map(([low, high]) => (low + high) / 2) as Three;
  const sum = (by: readonly number[]) => by[0]! * centre[0] + by[1]! * centre[1] + by[2]! * centre[2];
  const [left, bottom] = [sum(plane.across), sum(plane.up)];
  const [middle, level] = [sum(p.slice(0, 3)) + p[3]!, sum(p.slice(4, 7)) + p[7]!];
  const decimals = Math.max(0, Math.min(100, Math.ceil(Math.log10(scale / PIXEL_SHARE))));
  const points = pixels.map(([across, down]): Point => [
    Number((left + (across - middle) / scale).toFixed(decimals)),
    Number((bottom + (level - down) / scale).toFixed(decimals)),
  ]);
  return { points, plane };
}

/** Zooms by a factor so that what is under the pixel stays there. */
export function zoomAt(
  extents: Extents,
  view: Camera,
  frame: Frame,
  pixel: Point,
  factor: number,
): Camera {
  const zoom = Math.max(0.5, Math.min(view.zoom * factor, 1e5));
  const next = { ...view, zoom };
  if (extents.z) return next;
  const before = unproject(projection(extents, view, frame), pixel);
  const after = unproject(projection(extents, next, frame), pixel);
  return {
    ...next,
    x: view.x + (before[0] - after[0]) / span(extents.x),
    y: view.y + (before[1] - after[1]) / span(extents.y),
  };
}

/** Moves what is shown by some pixels. */
export function panCamera(extents: Extents, view: Camera, frame: Frame, [dx, dy]: Point): Camera {
  if (extents.z) {
    return {
      ...view,
      x: view.x - dx / frame.width / view.zoom,
      y: view.y + dy / frame.height / view.zoom,
    };
  }
  const now = projection(extents, view, frame);
  return {
    ...view,
    x: view.x - dx / (now[0] as number) / span(extents.x),
    y: view.y - dy / (now[5] as number) / span(extents.y),
  };
}

function span([low, high]: readonly [number, number]): number {
  return high > low ? high - low : 1;
}
