// Very many points: each is one pixel, and their number shows as strength.
import { over } from "./pixels.ts";
import type { ScatterDrawing } from "./raster.ts";

/** Points are single pixels below this radius. */
export const DENSITY_RADIUS = 0.75;

/** How strong a pixel with so many points is; the last one is of more. */
export const STRENGTHS = Float32Array.from({ length: 64 }, (_, count) => 1 - 0.5 * Math.exp(-count / 6));

/**
 * One pixel a point. Its strength tells how many points it has, its colour is that of one of them,
 * each as likely as the other, so that the mixture of a region looks like what it is.
 */
export function drawDensity(
  pixels: Uint32Array,
  width: number,
  height: number,
  { points, projection, rest, restAlpha }: ScatterDrawing,
  wanted: number,
): void {
  const { x, y, z, places, colors, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b] = projection as unknown as Eight;
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
  const share = 256 * (wanted ? 1 : restAlpha);
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const count = counts[pixel]!;
    if (!count) continue;
    const strength = STRENGTHS[count < 64 ? count : 63]!;
    const color = wanted ? colors[shown[pixel]!]! : rest;
    pixels[pixel] = over(pixels[pixel]!, color, (share * strength + 0.5) | 0);
  }
}

type Eight = [number, number, number, number, number, number, number, number];
