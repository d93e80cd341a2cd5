// A figure: title, what it shows, the chart, and what its colours mean.
import { truncate, element, escapeXml, text, textWidth, wrapText } from "./svg.ts";

/** The colour of a token of theme.css; a colour stays what it is. */
export type ResolveColor = (color: string) => string;

export interface Drawing {
  width: number;
  height: number;
  /** Elements of SVG. */
  body: string;
}

interface Mark {
  name: string;
  color: string;
  mark: "line" | "dashes" | "square" | "dot";
}

interface Ramp {
  name: string;
  /** Colours from the lowest to the highest. */
  ramp: readonly string[];
  low: string;
  high: string;
}

/** What a colour means, or a row of colours. */
export type LegendEntry = Mark | Ramp;

export interface Figure {
  title: string;
  /** Of which data, in words. */
  note?: string;
  chart: Drawing;
  keys?: readonly LegendEntry[];
}

const MARGIN = 20;
const TITLE = 15;
const SMALL = 12;
const LINE = 18;
const LEAST_WIDTH = 320;
const MARK = 14;
const RAMP = 120;
const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** A document that needs nothing else: no style sheet, no font, no other file. */
export function figureToSvg({ title, note = "", chart, keys = [] }: Figure, resolveColor: ResolveColor): string {
  const inner = Math.max(chart.width, LEAST_WIDTH);
  const notes = wrapText(note, inner, SMALL, 3);
  const top = MARGIN + TITLE + 6 + notes.length * LINE + 8;
  const legend = placeKeys(keys, inner);
  const bottom = top + chart.height + (legend.length ? 12 : 0);
  const lines = legend.length ? (legend.at(-1)?.line as number) + 1 : 0;
  const [width, height] = [inner + 2 * MARGIN, Math.ceil(bottom + lines * LINE + MARGIN)];
  const soft = resolveColor("--text-soft");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" viewBox="0 0 ${Math.ceil(width)} ${height}" role="img" font-family="${FONTS}" font-size="${SMALL}">`,
    `<title>${escapeXml(title)}</title>`,
    element("rect", { width: "100%", height: "100%", fill: resolveColor("--panel") }),
    text(truncate(title, inner, TITLE * 1.05), { x: MARGIN, y: MARGIN + TITLE - 2, "font-size": TITLE, "font-weight": 600, fill: resolveColor("--text") }),
    ...notes.map((line, at) => text(line, { x: MARGIN, y: MARGIN + TITLE + 4 + (at + 0.75) * LINE, fill: soft })),
    element("g", { transform: `translate(${MARGIN} ${top})` }, chart.body),
    ...legend.map(({ key, x, line, name }) =>
      element("g", { transform: `translate(${Math.round(MARGIN + x)} ${Math.round(bottom + line * LINE)})` }, drawKey(key, name, resolveColor)),
    ),
    "</svg>",
  ].join("\n");
}

interface PlacedKey {
  key: LegendEntry;
  x: number;
  line: number;
  name: string;
}

/** Keys beside each other, as many on a line as there is room for. */
function placeKeys(keys: readonly LegendEntry[], width: number): PlacedKey[] {
  let [x, line] = [0, 0];
  return keys.map((key) => {
    const name = truncate(key.name, Math.min(260, width - MARK - 6), SMALL);
    const wide = keyWidth(key, name);
    if (x > 0 && x + wide > width) [x, line] = [0, line + 1];
    const place = { key, x, line, name };
    x += wide + 18;
    return place;
  });
}

function keyWidth(key: LegendEntry, name: string): number {
  if (!("ramp" in key)) return MARK + 6 + textWidth(name, SMALL);
  return [name, key.low, key.high].reduce((sum, part) => sum + textWidth(part, SMALL) + 8, RAMP);
}

function drawKey(key: LegendEntry, name: string, resolveColor: ResolveColor): string {
  const drawText = (content: string, x: number) => text(content, { x, y: 12, fill: resolveColor("--text-soft") });
  if ("ramp" in key) return drawRamp(key, name, drawText);
  const color = resolveColor(key.color);
  const mark = {
    line: element("line", { x1: 0, x2: MARK, y1: 8, y2: 8, stroke: color, "stroke-width": 2.5 }),
    dashes: element("line", { x1: 0, x2: MARK, y1: 8, y2: 8, stroke: color, "stroke-width": 2.5, "stroke-dasharray": "5 4" }),
    square: element("rect", { x: 1, y: 3, width: 10, height: 10, rx: 2, fill: color }),
    dot: element("circle", { cx: 6, cy: 8, r: 5, fill: color }),
  }[key.mark];
  return mark + drawText(name, MARK + 6);
}

/** Steps of colour side by side: no gradient, whose name two figures of one page might share. */
function drawRamp(key: Ramp, name: string, drawText: (content: string, x: number) => string): string {
  const start = name ? textWidth(name, SMALL) + 8 : 0;
  const from = start + textWidth(key.low, SMALL) + 8;
  const step = RAMP / key.ramp.length;
  const steps = key.ramp.map((fill, at) => element("rect", { x: from + at * step, y: 4, width: step + 0.5, height: 9, fill }));
  return [drawText(name, 0), drawText(key.low, start), ...steps, drawText(key.high, from + RAMP + 8)].join("");
}
