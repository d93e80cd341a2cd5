// What is under the pointer.
import { type DrawOptions, isShown, type InstanceRef } from "./draw.ts";
import type { Layer } from "./layers.ts";
import { boundsOf } from "./masks.ts";

/** The smallest shown instance around a point of the image; near its edge counts too. */
export function findInstance(
  layers: readonly Layer[],
  [x, y]: readonly [number, number],
  near: number,
  options: Partial<DrawOptions>,
): InstanceRef | null {
  let best: InstanceRef | null = null;
  let smallest = Number.POSITIVE_INFINITY;
  for (const layer of layers) {
    for (const one of layer.instances) {
      const box = one.box ?? (one.mask && boundsOf(one.mask)) ?? jointBounds(one.joints);
      if (!box || !isShown(layer, one, options)) continue;
      const [x0, y0, x1, y1] = box;
      const isInside = x >= x0 - near && x <= x1 + near && y >= y0 - near && y <= y1 + near;
      const area = (x1 - x0) * (y1 - y0);
      if (isInside && area < smallest) {
        smallest = area;
        best = { column: layer.column, index: one.index };
      }
    }
  }
  return best;
}

function jointBounds(joints: readonly { x: number; y: number; visibility: number }[]) {
  const seen = joints.filter(({ visibility }) => visibility > 0);
  if (!seen.length) return null;
  const [x, y] = [seen.map((joint) => joint.x), seen.map((joint) => joint.y)];
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] as const;
}
