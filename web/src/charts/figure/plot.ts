// Two axes with round numbers, and what is drawn between them.
import type { Drawing, ResolveColor } from "./figure.ts";
import { truncate, element, text, textWidth } from "./svg.ts";

export interface PlotAxis {
  low: number;
  high: number;
  /** Values with a number beside them. */
  ticks: readonly number[];
  format: (value: number) => string;
  name?: string;
  /** Where a value lies before it is fitted between the ends: a logarithm, or itself. */
  bend?: (value: number) => number;
}

/** Pixels of a value. */
export type Scale = (value: number) => number;

/** Where the axes are, pixels. */
export interface Room {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Plot {
  x: PlotAxis;
  y: PlotAxis;
  width?: number;
  height?: number;
  draw: (x: Scale, y: Scale, room: Room) => string;
}

const SIZE = 12;

export function drawPlot({ x, y, width = 640, height = 320, draw }: Plot, resolveColor: ResolveColor): Drawing {
  const left = leftOf(y);
  const room = { left, top: 8, right: width - 12, bottom: height - (x.name ? 42 : 24) };
  const scales = [scaleOf(x, room.left, room.right), scaleOf(y, room.bottom, room.top)] as const;
  const body = [leftAxis(y, scales[1], room, resolveColor), bottomAxis(x, scales[0], room, resolveColor), draw(...scales, room)];
  return { width, height, body: body.join("\n") };
}

/** How much room the axis at the left needs. */
export function leftOf(axis: PlotAxis): number {
  const labels = axis.ticks.map((value) => textWidth(axis.format(value), SIZE));
  return Math.max(24, ...labels) + 8 + (axis.name ? 20 : 0);
}

export function scaleOf({ low, high, bend = itself }: PlotAxis, from: number, to: number): Scale {
  const [first, last] = [bend(low), bend(high)];
  if (!(last > first)) return () => (from + to) / 2;
  return (value) => from + ((bend(value) - first) / (last - first)) * (to - from);
}

/** Numbers along the bottom, without those that would run into the one before. */
export function bottomAxis(axis: PlotAxis, scale: Scale, room: Room, resolveColor: ResolveColor): string {
  let free = Number.NEGATIVE_INFINITY;
  const numbers = axis.ticks.map((value) => {
    const [at, label] = [scale(value), axis.format(value)];
    const half = textWidth(label, SIZE) / 2;
    const mark = element("line", { x1: at, x2: at, y1: room.bottom, y2: room.bottom + 4, stroke: resolveColor("--line-strong") });
    if (at - half < free) return mark;
    free = at + half + 6;
    return mark + text(label, { x: at, y: room.bottom + 17, "text-anchor": "middle", fill: resolveColor("--text-soft") });
  });
  const name = truncate(axis.name ?? "", room.right - room.left, SIZE);
  return [
    element("line", { x1: room.left, x2: room.right, y1: room.bottom, y2: room.bottom, stroke: resolveColor("--line-strong") }),
    ...numbers,
    name && text(name, { x: (room.left + room.right) / 2, y: room.bottom + 36, "text-anchor": "middle", fill: resolveColor("--text") }),
  ].join("");
}

/** Numbers and lines along the left. */
export function leftAxis(axis: PlotAxis, scale: Scale, room: Room, resolveColor: ResolveColor): string {
  const numbers = axis.ticks.map((value) => {
    const at = scale(value);
    return (
      element("line", { x1: room.left, x2: room.right, y1: at, y2: at, stroke: resolveColor("--line") }) +
      text(axis.format(value), { x: room.left - 8, y: at + 4, "text-anchor": "end", fill: resolveColor("--text-soft") })
    );
  });
  const middle = (room.top + room.bottom) / 2;
  const name = truncate(axis.name ?? "", room.bottom - room.top, SIZE);
  const turned = { x: 0, y: 0, "text-anchor": "middle", transform: `translate(12 ${middle}) rotate(-90)`, fill: resolveColor("--text") };
  return [...numbers, name && text(name, turned)].join("");
}

const itself = (value: number) => value;
