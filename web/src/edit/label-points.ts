// Points of a label that can be moved by themselves: joints of a pose, corners of polygons.
import type { Instance } from "../picture/layers.ts";

export interface LabelPoint {
  x: number;
  y: number;
  /** A joint that is not labelled has no place. */
  isThere: boolean;
}

/** COCO's words for the visibility of a joint, by their number. */
export const VISIBILITIES = ["not labelled", "hidden", "visible"] as const;

export function pointsOf(one: Instance | null): LabelPoint[] {
  if (one?.joints.length) return one.joints.map(({ x, y, visibility }) => ({ x, y, isThere: visibility > 0 }));
  if (one?.mask?.kind !== "polygons") return [];
  return one.mask.rings.flatMap((ring) =>
    Array.from({ length: Math.floor(ring.length / 2) }, (_, at) => ({
      x: ring[2 * at] as number, y: ring[2 * at + 1] as number, isThere: true,
    })),
  );
}

/** The point near a place, the nearest one; -1 where there is none. */
export function pointAt(points: readonly LabelPoint[], [x, y]: readonly [number, number], near: number): number {
  let best = -1;
  let least = near;
  points.forEach((point, at) => {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (point.isThere && distance <= least) {
      least = distance;
      best = at;
    }
  });
  return best;
}

/** Visible, hidden, not labelled, and from the start again. */
export const nextVisibility = (visibility: number): number => (visibility + 2) % 3;

/** Where a joint is put that had no place: in the middle of its box, else of its other joints. */
export function middleOf(one: Instance): [number, number] {
  const box = one.box;
  if (box) return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const there = pointsOf(one).filter(({ isThere }) => isThere);
  const mean = (side: "x" | "y") => there.reduce((sum, point) => sum + point[side], 0) / Math.max(1, there.length);
  return [mean("x"), mean("y")];
}
