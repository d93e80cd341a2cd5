// Points as discs. In three dimensions what is nearer hides what lies behind it.
import { over } from "./pixels.ts";
import type { ScatterDrawing } from "./raster.ts";

/** Points whose depths differ by less lie side by side: they shine through each other. */
export const SLAB = 0.02;

/** A pixel that a disc covers less is left alone: in depth it would hide more than it shows. */
export const LEAST_COVER = 0.1;

/** How strong a selected point is. */
export const STRENGTH = 0.9;

export function drawDiscs(
  pixels: Uint32Array,
  width: number,
  height: number,
  { points, projection, radius, rest, restAlpha }: ScatterDrawing,
  wanted: number,
): void {
  const { x, y, z, places, colors, selected } = points;
  const [ax, ay, az, a, bx, by, bz, b, cx, cy, cz, c] = projection as unknown as Twelve;
  const { across: steps, down: lines, cover, reach } = disc(radius);
  // How near the nearest point of each pixel is, in slabs; 0 has none.
  const nearest = z ? new Uint8Array(pixels.length) : null;
  const strength = wanted ? STRENGTH : restAlpha;
  for (let row = 0; row < x.length; row++) {
    if (selected && selected[row] !== wanted) continue;
    const px = x[row]!;
    const py = y[row]!;
    const pz = z ? z[row]! : 0;
    const across = Math.floor(ax * px + ay * py + az * pz + a);
    const down = Math.floor(bx * px + by * py + bz * pz + b);
    if (!(across >= -reach && down >= -reach && across < width + reach && down < height + reach)) continue;
    const isWhole = across >= reach && down >= reach && across < width - reach && down < height - reach;
    const depth = nearest ? cx * px + cy * py + cz * pz + c : 0;
    const near = nearest ? 128 - Math.floor(depth / SLAB) : 0;
    const share = 256 * (nearest ? Math.min(1, strength * (0.8 - 0.35 * depth)) : strength);
    const color = wanted ? colors[places[row]!]! : rest;
    for (let at = 0; at < cover.length; at++) {
      const sx = across + steps[at]!;
      const sy = down + lines[at]!;
      if (!isWhole && (sx < 0 || sy < 0 || sx >= width || sy >= height)) continue;
      const pixel = sy * width + sx;
      if (nearest) {
        if (nearest[pixel]! > near) continue;
        nearest[pixel] = near;
      }
      pixels[pixel] = over(pixels[pixel]!, color, (cover[at]! * share + 0.5) | 0);
    }
  }
}

type Twelve = [
  number, number, number, number, number, number,
  number, number, number, number, number, number,
];

/** Pixels of a disc around the one in its middle, and how much of each it covers. */
export interface Disc {
  across: Int32Array;
  down: Int32Array;
  cover: Float32Array;
  reach: number;
}

export function disc(radius: number): Disc {
  const reach = Math.ceil(radius);
  const all: [number, number, number][] = [];
  for (let down = -reach; down <= reach; down++) {
    for (let across = -reach; across <= reach; across++) {
      const cover = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(across, down)));
      if (cover > LEAST_COVER) all.push([across, down, cover]);
    }
  }
  return {
    across: Int32Array.from(all, ([across]) => across),
    down: Int32Array.from(all, ([, down]) => down),
    cover: Float32Array.from(all, ([, , cover]) => cover),
    reach,
  };
}
