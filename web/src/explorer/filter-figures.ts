// The charts of the filters, to be saved: all samples faintly, those that match strongly.
import type { Range } from "../charts/brush.ts";
import type { CountedValue } from "../charts/counts.tsx";
import type { CountData } from "../charts/figure/counts.ts";
import type { HistogramData } from "../charts/figure/histogram.ts";
import { describeFilter } from "../filters/describe.ts";
import { countWith, shortNumber } from "../parts/numbers.ts";
import type { Column } from "../wire.ts";

const OTHERS = "matching the other filters";

interface NumbersOfFilter {
  column: Column;
  edges: readonly number[];
  totals: ArrayLike<number>;
  counts: ArrayLike<number> | null;
  range: Range | null;
  log: boolean;
}

export function histogramOfFilter({ column, edges, totals, counts, range, log }: NumbersOfFilter): HistogramData {
  const name = column.name;
  const bins = edges.length - 1;
  const places = Array.from({ length: bins }, (_, bin) => bin);
  const selected = counts ?? totals;
  const isNarrowed = places.some((bin) => selected[bin] !== totals[bin]);
  const all = places.reduce((sum, bin) => sum + (totals[bin] ?? 0), 0);
  const centre = (bin: number) => ((edges[bin] as number) + (edges[bin + 1] as number)) / 2;
  const isTaken = (bin: number) => !range || (centre(bin) >= (range.low ?? -Infinity) && centre(bin) <= (range.high ?? Infinity));
  const taken = { counts: places.map((bin) => (isTaken(bin) ? (selected[bin] ?? 0) : 0)), color: "--accent" };
  const layers = [
    ...(isNarrowed || range ? [{ counts: totals, color: "--bar-faint", name: `all ${countWith(all, "sample")}` }] : []),
    ...(isNarrowed && range ? [{ counts: selected, color: "--line-strong", name: OTHERS }] : []),
    { ...taken, name: range ? describeFilter({ kind: "range", column: name, ...range }, [column]) : isNarrowed ? OTHERS : undefined },
  ];
  const unit = column.unit ? ` (${column.unit})` : "";
  return { title: name, edges, layers, xName: `${name}${unit}`, yName: "samples", whole: column.kind === "int", log, format: shortNumber };
}

export function countsOfFilter<V>(title: string, values: readonly CountedValue<V>[]): CountData {
  const isNarrowed = values.some(({ count, total }) => count !== null && count !== total);
  const bars = [...values]
    .sort((a, b) => b.total - a.total)
    .map(({ name, color, count, total }) => ({ name, color, count: count ?? total, total: isNarrowed ? total : 0 }));
  const keys = [
    { name: "all samples", color: "--bar-faint", mark: "square" as const },
    { name: OTHERS, color: "--accent", mark: "square" as const },
  ];
  return { title, bars, unit: "samples", keys: isNarrowed ? keys : [] };
}
