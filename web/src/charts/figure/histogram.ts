// Counts of numbers in bins as a figure.
import { shortNumber, wholeNumber } from "../../parts/numbers.ts";
import { countTicks, ticks } from "../scales/ticks.ts";
import { drawPlot } from "./plot.ts";
import type { ResolveColor, LegendEntry, Figure } from "./figure.ts";
import { element, text } from "./svg.ts";

export interface HistogramLayer {
  counts: ArrayLike<number>;
  /** Of each bin, or of all. */
  color: string | ((bin: number) => string);
  /** What it shows; a layer without a name has no key. */
  name?: string;
}

export interface HistogramData {
  title: string;
  note?: string;
  /** One more than bins. */
  edges: readonly number[];
  /** From the back to the front. */
  layers: readonly HistogramLayer[];
  xName: string;
  yName: string;
  /** How a value is written at the axis. */
  format?: (value: number) => string;
  /** Whether only whole numbers have a place at the axis. */
  whole?: boolean;
  /** Whether heights grow with the logarithm of the counts. */
  log?: boolean;
  /** A higher bar is cut off, and says how high it is. */
  highest?: number;
  /** Where the colours of bins mean something. */
  keys?: readonly LegendEntry[];
}

export function histogramFigure(binned: HistogramData, resolveColor: ResolveColor): Figure {
  const { title, note, edges, layers, xName, yName, format = shortNumber, whole, log, highest, keys = [] } = binned;
  const bins = edges.length - 1;
  const [low, high] = [edges[0] ?? 0, edges[bins] ?? 1];
  const tallest = highest ?? Math.max(1, ...layers.flatMap(({ counts }) => Array.from({ length: bins }, (_, bin) => counts[bin] ?? 0)));
  // Room for the number over a bar that is cut off.
  const most = tallest * (highest ? 1.2 : 1.05);
  const chart = drawPlot(
    {
      x: { low, high, ticks: ticks(low, high, 7).filter((at) => !whole || Number.isInteger(at)), format, name: xName },
      y: {
        low: 0,
        high: most,
        ticks: log ? countTicks(tallest) : ticks(0, tallest, 5).filter(Number.isInteger),
        format: wholeNumber,
        name: log ? `${yName} (logarithmic)` : yName,
        bend: log ? Math.log1p : undefined,
      },
      draw: (x, y, room) =>
        layers
          .flatMap((layer) =>
            Array.from({ length: bins }, (_, bin) => {
              const count = layer.counts[bin] ?? 0;
              if (!count) return "";
              const isCut = highest !== undefined && count > highest;
              const [from, to] = [x(edges[bin] as number), x(edges[bin + 1] as number)];
              const top = Math.min(room.bottom - 1, isCut ? y(most) + 18 : y(count));
              const gap = to - from > 4 ? 1 : 0;
              const fill = resolveColor(typeof layer.color === "string" ? layer.color : layer.color(bin));
              const bar = element("rect", { x: from, y: top, width: to - from - gap, height: room.bottom - top, fill });
              return isCut ? bar + cutOff(wholeNumber(count), (from + to) / 2, top, resolveColor) : bar;
            }),
          )
          .filter(Boolean)
          .join("\n"),
    },
    resolveColor,
  );
  const ofLayers = layers.flatMap(({ name, color }) =>
    name && typeof color === "string" ? [{ name, color, mark: "square" as const }] : [],
  );
  return { title, note, chart, keys: [...ofLayers, ...keys] };
}

/** The count of a bar that is higher than the chart, and a gap through it. */
function cutOff(count: string, x: number, top: number, resolveColor: ResolveColor): string {
  const gap = element("path", { d: `M${(x - 20).toFixed(1)} ${(top + 16).toFixed(1)}l40 -8`, stroke: resolveColor("--panel"), "stroke-width": 3 });
  return gap + text(count, { x, y: top - 5, "text-anchor": "middle", fill: resolveColor("--text") });
}
