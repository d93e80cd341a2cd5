// Points on their way from where a sample was to where it is.
import { rowOf } from "../filters/rows.ts";

interface Places {
  exampleIds: ArrayLike<number>;
  x: Float32Array;
  y: Float32Array;
  z: Float32Array | null;
}

/** Places after a share in [0, 1] of the way; samples that were not there before begin at the end. */
export function movePoints(from: Places, to: Places): (share: number) => Pick<Places, "x" | "y" | "z"> {
  const before = Int32Array.from(to.exampleIds, (id) => rowOf(from.exampleIds, id));
  const way = (old: Float32Array | null, next: Float32Array, share: number) =>
    next.map((value, row) => {
      const start = old?.[before[row] as number] ?? value;
      return Number.isNaN(start) ? value : start + (value - start) * share;
    });
  return (share) => {
    const eased = share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) ** 2;
    return {
      x: way(from.x, to.x, eased),
      y: way(from.y, to.y, eased),
      z: to.z && way(from.z, to.z, eased),
    };
  };
}
