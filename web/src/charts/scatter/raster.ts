// Draws points into pixels on the processor: at a million points much faster than WebGL in software.
import type { Projection } from "./projection.ts";

export interface Points {
  x: Float32Array;
  y: Float32Array;
  z: Float32Array | null;
  /** Place of each point's colour in `colors`. */
  places: Uint8Array;
  /** 256 colours, packed as pixels. */
  colors: Uint32Array;
  /** 1 for selected; null if all are. */
  selected: Uint8Array | null;
}

export interface Drawing {
  points: Points;
  projection: Projection;
  /** Radius of a point, pixels. */
  radius: number;
  /** Colour of what is not selected, packed, and how strong it is in [0, 1]. */
  rest: number;
  restAlpha: number;
}

/** Points are single pixels below this radius, and their number shows as strength. */
export const DENSITY_RADIUS = 0.75;

/** A radius at which this many points do not hide each other. */
export function radiusFor(count: number): number {
  if (count > 200_000) return 0.5;
  if (count > 50_000) return 1;
  if (count > 10_000) return 1.6;
  return count > 1_500 ? 2.4 : 3.6;
}

/** Clears `pixels` (`width * height`) and draws: first what is not selected, the selected over it. */
export function raster(pixels: Uint32Array, width: number, height: number, drawing: Drawing): void {
  pixels.fill(0);
  const draw = drawing.radius < DENSITY_RADIUS ? drawDensity : drawDiscs;
  if (drawing.points.selected) draw(pixels, width, height, drawing, 0);
  draw(pixels, width, height, drawing, 1);
}

function drawDiscs(
  pixels: Uint32Array,
  width: number,
  height: number,
  { points, projection, radius, rest, restAlpha }: Drawing,
  wanted: number,
): void {
  const { x, y, z, places, colors, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b, cx, cy, cz, c] = projection as unknown as number[] as Twelve;
  const stamp = disc(radius);
  const nearest = z ? new Float32Array(pixels.length).fill(Number.POSITIVE_INFINITY) : null;
  const reach = Math.ceil(radius) + 1;
  for (let row = 0; row < x.length; row++) {
    if (selected && selected[row] !== wanted) continue;
    const [px, py, pz] = [x[row]!, y[row]!, z ? z[row]! : 0];
    const across = Math.round(ax * px + ay * py + az * pz + a);
    const down = Math.round(bx * px + by * py + bz * pz + b);
    if (!(across > -reach && down > -reach && across < width + reach && down < height + reach)) continue;
    const depth = nearest ? cx * px + cy * py + cz * pz + c : 0;
    const color = wanted ? colors[places[row]!]! : rest;
    const strength = (wanted ? 0.9 : restAlpha) * (nearest ? 0.8 - 0.35 * depth : 1);
    for (let at = 0; at < stamp.length; at += 3) {
      const sx = across + stamp[at]!;
      const sy = down + stamp[at + 1]!;
      if (sx < 0 || sy < 0 || sx >= width || sy >= height) continue;
      const pixel = sy * width + sx;
      if (nearest) {
        if (nearest[pixel]! < depth - 0.02) continue;
        nearest[pixel] = depth;
      }
      pixels[pixel] = over(pixels[pixel]!, color, stamp[at + 2]! * strength);
    }
  }
}

type Twelve = [
  number, number, number, number, number, number,
  number, number, number, number, number, number,
];

/**
 * One pixel a point. Its strength tells how many points it has, its colour is that of one of them,
 * each as likely as the other, so that the mixture of a region looks like what it is.
 */
function drawDensity(
  pixels: Uint32Array,
  width: number,
  height: number,
  { points, projection, rest, restAlpha }: Drawing,
  wanted: number,
): void {
  const { x, y, z, places, colors, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b] = projection as unknown as number[] as Twelve;
  const counts = new Uint16Array(pixels.length);
  const shown = new Uint8Array(pixels.length);
  for (let row = 0; row < x.length; row++) {
    if (selected && selected[row] !== wanted) continue;
    const px = x[row]!;
    const py = y[row]!;
    const pz = z ? z[row]! : 0;
    const across = ax * px + ay * py + az * pz + a;
    const down = bx * px + by * py + bz * pz + b;
    if (!(across >= 0 && down >= 0 && across < width && down < height)) continue;
    const pixel = (down | 0) * width + (across | 0);
    const count = ++counts[pixel]!;
    if (count === 1 || (Math.imul(row, 0x9e3779b1) >>> 8) * count < 0x1000000) {
      shown[pixel] = places[row]!;
    }
  }
  const strengths = Float32Array.from({ length: 64 }, (_, n) => 1 - 0.5 * Math.exp(-n / 6));
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const count = counts[pixel]!;
    if (!count) continue;
    const strength = strengths[count < 64 ? count : 63]!;
    const color = wanted ? colors[shown[pixel]!]! : rest;
    pixels[pixel] = over(pixels[pixel]!, color, wanted ? strength : restAlpha * strength);
  }
}

/** Pixels of a disc around its centre as triples: across, down, how much of the pixel it covers. */
export function disc(radius: number): Float32Array {
  const reach = Math.ceil(radius);
  const out: number[] = [];
  for (let down = -reach; down <= reach; down++) {
    for (let across = -reach; across <= reach; across++) {
      const cover = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(across, down)));
      if (cover > 0.02) out.push(across, down, cover);
    }
  }
  return Float32Array.from(out);
}

/** A colour laid over a pixel, neither of them multiplied by its alpha. */
export function over(pixel: number, color: number, alpha: number): number {
  const below = pixel >>> 24;
  if (below === 0) return ((color & 0xffffff) | (Math.round(alpha * 255) << 24)) >>> 0;
  const rest = (below / 255) * (1 - alpha);
  const all = alpha + rest;
  const share = alpha / all;
  const red = (pixel & 255) + ((color & 255) - (pixel & 255)) * share;
  const green = ((pixel >> 8) & 255) + (((color >> 8) & 255) - ((pixel >> 8) & 255)) * share;
  const blue = ((pixel >> 16) & 255) + (((color >> 16) & 255) - ((pixel >> 16) & 255)) * share;
  return ((Math.round(all * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The point nearest to a pixel, at most `reach` pixels away, selected ones only; -1 for none. */
export function nearestPoint(
  points: Points,
  projection: Projection,
  [across, down]: [number, number],
  reach: number,
): number {
  const { x, y, z, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b] = projection as unknown as number[] as Twelve;
  let nearest = -1;
  let least = reach * reach;
  for (let row = 0; row < x.length; row++) {
    if (selected && !selected[row]) continue;
    const pz = z ? z[row]! : 0;
    const dx = ax * x[row]! + ay * y[row]! + az * pz + a - across;
    const dy = bx * x[row]! + by * y[row]! + bz * pz + b - down;
    const distance = dx * dx + dy * dy;
    if (distance < least) [nearest, least] = [row, distance];
  }
  return nearest;
}
