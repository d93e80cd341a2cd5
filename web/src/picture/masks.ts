// Masks: polygons, or COCO's compressed run lengths.
export type Mask =
  | { kind: "polygons"; rings: number[][] }
  | { kind: "runs"; width: number; height: number; counts: string };

/** The mask of a stored instance, if it has one. */
export function maskOf(one: Record<string, unknown>): Mask | null {
  const runs = one.rle as { width: number; height: number; counts: string } | null | undefined;
  if (runs) return { kind: "runs", width: runs.width, height: runs.height, counts: runs.counts };
  const polygons = one.polygons as ArrayLike<ArrayLike<number>> | null | undefined;
  if (!polygons?.length) return null;
  return { kind: "polygons", rings: Array.from(polygons, (ring) => Array.from(ring)) };
}

/**
 * Run lengths of a text: pixels column by column, background first.
 *
 * Source: `rleFrString` in `maskApi.c` of the COCO API.
 */
export function runLengths(text: string): number[] {
  const counts: number[] = [];
  let value = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) - 48;
    value += (code & 31) * 2 ** shift;
    shift += 5;
    if (code & 32) continue;
    if (code & 16) value -= 2 ** shift;
    counts.push(counts.length > 2 ? value + (counts[counts.length - 2] as number) : value);
    value = 0;
    shift = 0;
  }
  return counts;
}

/** Writes `value` into the pixels of a mask; `pixels` are row by row, `width * height` of them. */
export function paintRuns(
  pixels: Uint32Array | Uint8Array,
  mask: { width: number; height: number; counts: string },
  value: number,
): void {
  const { width, height } = mask;
  let at = 0;
  runLengths(mask.counts).forEach((count, run) => {
    const end = Math.min(at + count, width * height);
    if (run % 2) {
      for (let place = at; place < end; place++) {
        pixels[(place % height) * width + Math.floor(place / height)] = value;
      }
    }
    at = end;
  });
}

/** Places of the set pixels whose four neighbours are set too; those at the edge of the image are not. */
export function interiorPixels(pixels: ArrayLike<number>, width: number, height: number): number[] {
  const inner: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (pixels[at] && pixels[at - 1] && pixels[at + 1] && pixels[at - width] && pixels[at + width]) inner.push(at);
    }
  }
  return inner;
}

/** How many pixels a mask of run lengths has. */
export function pixelsOf(counts: string): number {
  return runLengths(counts).reduce((sum, count, run) => sum + (run % 2 ? count : 0), 0);
}

type Bounds = [number, number, number, number] | null;

const known = new WeakMap<Mask, { bounds: Bounds }>();

/** `x_min, y_min, x_max, y_max` of a mask; null where it is empty. */
export function boundsOf(mask: Mask): Bounds {
  const found = known.get(mask) ?? { bounds: measureMask(mask) };
  known.set(mask, found);
  return found.bounds;
}

function measureMask(mask: Mask): Bounds {
  if (mask.kind === "polygons") {
    const [x, y] = [0, 1].map((odd) => mask.rings.flatMap((ring) => ring.filter((_, at) => at % 2 === odd)));
    if (!x?.length || !y?.length) return null;
    return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
  }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let at = 0;
  runLengths(mask.counts).forEach((count, run) => {
    if (run % 2 && count) {
      const last = at + count - 1;
      const [first, end] = [Math.floor(at / mask.height), Math.floor(last / mask.height)];
      left = Math.min(left, first);
      right = Math.max(right, end + 1);
      top = Math.min(top, first === end ? at % mask.height : 0);
      bottom = Math.max(bottom, first === end ? (last % mask.height) + 1 : mask.height);
    }
    at += count;
  });
  return left === Infinity ? null : [left, top, right, bottom];
}
