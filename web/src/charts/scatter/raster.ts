// Draws points into pixels on the processor: at a million points much faster than WebGL in software.
import { DENSITY_RADIUS, drawDensity } from "./density.ts";
import { drawDiscs } from "./discs.ts";
import { unmultiply } from "./pixels.ts";
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

export interface ScatterDrawing {
  points: Points;
  projection: Projection;
  /** Radius of a point, pixels. */
  radius: number;
  /** Colour of what is not selected, packed, and how strong it is in [0, 1]. */
  rest: number;
  restAlpha: number;
}

/** A radius at which this many points do not hide each other. */
export function radiusFor(count: number): number {
  if (count > 200_000) return 0.5;
  if (count > 50_000) return 1;
  if (count > 10_000) return 1.6;
  return count > 1_500 ? 2.4 : 3.6;
}

/** Clears `pixels` (`width * height`) and draws: first what is not selected, the selected over it. */
export function raster(pixels: Uint32Array, width: number, height: number, drawing: ScatterDrawing): void {
  pixels.fill(0);
  const draw = drawing.radius < DENSITY_RADIUS ? drawDensity : drawDiscs;
  if (drawing.points.selected) draw(pixels, width, height, drawing, 0);
  draw(pixels, width, height, drawing, 1);
  unmultiply(pixels);
}

/** The point nearest to a pixel, at most `reach` pixels away, selected ones only; -1 for none. */
export function nearestPoint(
  points: Points,
  projection: Projection,
  [across, down]: [number, number],
  reach: number,
): number {
  const { x, y, z, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b] = projection as unknown as Eight;
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

type Eight = [number, number, number, number, number, number, number, number];
