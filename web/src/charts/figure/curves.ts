// Curves over epochs as a figure.
import { shortNumber } from "../../parts/numbers.ts";
import type { Series } from "../scales/series.ts";
import { logTicks, ticks } from "../scales/ticks.ts";
import { drawPlot, type Scale } from "./plot.ts";
import type { ResolveColor, Figure } from "./figure.ts";
import { element } from "./svg.ts";

export interface CurveData {
  title: string;
  note?: string;
  series: readonly Series[];
  /** Drawn faintly under the others: what was smoothed. */
  raw?: readonly Series[];
  xLabel: string;
  log?: boolean;
}

export function curveFigure({ title, note, series, raw = [], xLabel, log }: CurveData, resolveColor: ResolveColor): Figure {
  const all = [...raw, ...series];
  const xs = all.flatMap((one) => one.x);
  const known = all.flatMap((one) => one.y).filter((y) => y !== null);
  const isLog = Boolean(log) && known.some((y) => y > 0);
  const usable = (y: number | null | undefined): y is number => y !== null && y !== undefined && (!isLog || y > 0);
  const [left, right] = ends(xs);
  const [low, high] = ends(known.filter(usable));
  const pad = isLog || low === high ? 0 : 0.04 * (high - low);
  const points = (one: Series, x: Scale, y: Scale) =>
    one.x.flatMap((at, place) => {
      const value = one.y[place];
      return usable(value) ? [[x(at), y(value)] as const] : [];
    });
  const chart = drawPlot(
    {
      x: { low: left, high: right, ticks: left === right ? [left] : ticks(left, right, 8).filter(Number.isInteger), format: shortNumber, name: xLabel },
      y: isLog
        ? { low, high, ticks: low === high ? [low] : logTicks(low, high), format: shortNumber, bend: Math.log10 }
        : { low: low - pad, high: high + pad, ticks: low === high ? [low] : ticks(low - pad, high + pad, 5), format: shortNumber },
      draw: (x, y) =>
        [...raw.map((one) => curve(points(one, x, y), one, resolveColor, 0.3)), ...series.map((one) => curve(points(one, x, y), one, resolveColor, 1))].join("\n"),
    },
    resolveColor,
  );
  const keys = series.filter(({ name }) => name).map(({ name, color, dashed }) => ({ name, color, mark: dashed ? ("dashes" as const) : ("line" as const) }));
  return { title, note, chart, keys };
}

function curve(points: (readonly [number, number])[], one: Series, resolveColor: ResolveColor, opacity: number): string {
  const color = resolveColor(one.color);
  const [only] = points;
  if (points.length === 1 && only) return element("circle", { cx: only[0], cy: only[1], r: 3.5, fill: color, opacity });
  return element("polyline", {
    fill: "none",
    stroke: color,
    "stroke-width": opacity < 1 ? 1 : 2,
    "stroke-linejoin": "round",
    "stroke-dasharray": one.dashed ? "6 4" : undefined,
    opacity: opacity < 1 ? opacity : undefined,
    points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "),
  });
}

function ends(values: readonly number[]): [number, number] {
  if (!values.length) return [0, 1];
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
