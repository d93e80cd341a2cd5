// How often each value occurs, or how sure it is, as a figure: a bar a value.
import { shortNumber, wholeNumber } from "../../parts/numbers.ts";
import { ticks } from "../scales/ticks.ts";
import { bottomAxis, scaleOf } from "./plot.ts";
import type { ResolveColor, LegendEntry, Figure } from "./figure.ts";
import { truncate, element, text, textWidth } from "./svg.ts";

export interface CountBar {
  name: string;
  count: number;
  /** Drawn faintly behind it. */
  total?: number;
  color?: string | null;
  /** Beside the bar; the count unless it is given. */
  words?: string;
}

export interface CountData {
  title: string;
  note?: string;
  bars: readonly CountBar[];
  /** What is counted. */
  unit: string;
  /** The end of the axis where it is no count: 1 for what is a share. */
  full?: number;
  keys?: readonly LegendEntry[];
}

const WIDTH = 640;
const ROW = 22;
const SIZE = 12;
const MOST = 100;

export function countFigure({ title, note, bars, unit, full, keys }: CountData, resolveColor: ResolveColor): Figure {
  const shown = bars.slice(0, MOST);
  const left = Math.min(220, Math.max(40, ...shown.map(({ name }) => textWidth(name, SIZE)))) + 10;
  const most = full ?? Math.max(1, ...shown.map(({ count, total = 0 }) => Math.max(count, total)));
  const right = WIDTH - 14 - Math.max(...shown.map((one) => textWidth(labelOf(one), SIZE)), 0);
  const room = { left, top: 4, right, bottom: 4 + Math.max(1, shown.length) * ROW };
  const axis = { low: 0, high: most, ticks: ticks(0, most, 6).filter((at) => full !== undefined || Number.isInteger(at)), format: shortNumber, name: unit };
  const x = scaleOf(axis, left, right);
  const lines = axis.ticks.map((at) => element("line", { x1: x(at), x2: x(at), y1: room.top, y2: room.bottom, stroke: resolveColor("--line") }));
  const drawn = shown.map((one, place) => {
    const top = room.top + place * ROW;
    const bar = (count: number, fill: string) =>
      count > 0 ? element("rect", { x: left, y: top + 4, width: Math.max(1.5, x(count) - left), height: ROW - 8, rx: 2, fill }) : "";
    return [
      text(truncate(one.name, left - 10, SIZE), { x: left - 8, y: top + 15, "text-anchor": "end", fill: resolveColor("--text") }),
      bar(one.total ?? 0, resolveColor("--bar-faint")),
      bar(one.count, resolveColor(one.color ?? "--accent")),
      text(labelOf(one), { x: x(Math.max(one.count, one.total ?? 0)) + 6, y: top + 15, fill: resolveColor("--text-soft"), "paint-order": "stroke", stroke: resolveColor("--panel"), "stroke-width": 4 }),
    ].join("");
  });
  const chart = { width: WIDTH, height: room.bottom + 42, body: [...lines, bottomAxis(axis, x, room, resolveColor), ...drawn].join("\n") };
  const more = bars.length - shown.length;
  const notes = [note, more > 0 && `the ${MOST} most frequent of ${wholeNumber(bars.length)}`];
  return { title, note: notes.filter(Boolean).join(" · "), chart, keys };
}

function labelOf({ words, count, total }: CountBar): string {
  return words ?? (total ? `${wholeNumber(count)} of ${wholeNumber(total)}` : wholeNumber(count));
}
