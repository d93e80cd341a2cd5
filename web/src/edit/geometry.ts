// Boxes under the hands of a person: grips, dragging, drawing; whole tenths of a pixel, in the image.
import type { Box } from "../picture/layers.ts";
import type { Extent } from "../picture/view.ts";

/** Which sides a grip moves, as places in a box: 0 left, 1 top, 2 right, 3 bottom. */
export type Grip = readonly (0 | 1 | 2 | 3)[];

/** Corners first: they win where grips of a small box lie on each other. */
export const GRIPS: readonly Grip[] = [[0, 1], [2, 1], [2, 3], [0, 3], [1], [2], [3], [0]];

const SMALLEST = 1;

export function gripPoint(box: Box, grip: Grip): [number, number] {
  const [x0, y0, x1, y1] = box;
  const x = grip.includes(0) ? x0 : grip.includes(2) ? x1 : (x0 + x1) / 2;
  const y = grip.includes(1) ? y0 : grip.includes(3) ? y1 : (y0 + y1) / 2;
  return [x, y];
}

/** The grip near a point; null where there is none. */
export function gripAt(box: Box, [x, y]: readonly [number, number], near: number): Grip | null {
  for (const grip of GRIPS) {
    const [gx, gy] = gripPoint(box, grip);
    if (Math.abs(gx - x) <= near && Math.abs(gy - y) <= near) return grip;
  }
  return null;
}

export function gripCursor(grip: Grip): string {
  if (grip.length === 1) return grip[0] === 0 || grip[0] === 2 ? "ew-resize" : "ns-resize";
  return grip.includes(0) === grip.includes(1) ? "nwse-resize" : "nesw-resize";
}

export const isInside = ([x0, y0, x1, y1]: Box, [x, y]: readonly [number, number]): boolean =>
  x >= x0 && x <= x1 && y >= y0 && y <= y1;

/** A box whose sides at a grip were moved; it never turns inside out nor leaves the image. */
export function resizeBox(box: Box, grip: Grip, [dx, dy]: readonly [number, number], image: Extent): Box {
  const next = [...box] as Box;
  for (const side of grip) {
    const isAcross = side === 0 || side === 2;
    const other = box[((side + 2) % 4) as 0 | 1 | 2 | 3];
    const room = isAcross ? image.width : image.height;
    const wanted = box[side] + (isAcross ? dx : dy);
    next[side] = side < 2 ? clamp(wanted, 0, other - SMALLEST) : clamp(wanted, other + SMALLEST, room);
  }
  return roundBox(next);
}

/** A box in another place of its image, of the same size. */
export function shiftBox([x0, y0, x1, y1]: Box, [dx, dy]: readonly [number, number], image: Extent): Box {
  const x = clamp(x0 + dx, 0, Math.max(0, image.width - (x1 - x0)));
  const y = clamp(y0 + dy, 0, Math.max(0, image.height - (y1 - y0)));
  return roundBox([x, y, x + (x1 - x0), y + (y1 - y0)]);
}

/** The box between two points; null where it is too small to be meant. */
export function boxBetween(from: readonly [number, number], to: readonly [number, number], image: Extent): Box | null {
  const [x0, x1] = [from[0], to[0]].map((x) => clamp(x, 0, image.width)).sort((a, b) => a - b) as [number, number];
  const [y0, y1] = [from[1], to[1]].map((y) => clamp(y, 0, image.height)).sort((a, b) => a - b) as [number, number];
  return x1 - x0 < SMALLEST || y1 - y0 < SMALLEST ? null : roundBox([x0, y0, x1, y1]);
}

/** A box in the middle of what is seen, for those who draw with keys. */
export function middleBox(image: Extent): Box {
  const { width, height } = image;
  return roundBox([width * 0.4, height * 0.4, width * 0.6, height * 0.6]);
}

/** A point in the image, whole tenths of a pixel. */
export function clampPoint([x, y]: readonly [number, number], image: Extent): [number, number] {
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return [tenths(clamp(x, 0, image.width)), tenths(clamp(y, 0, image.height))];
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

const roundBox = (box: Box): Box => box.map((side) => Math.round(side * 10) / 10) as Box;
