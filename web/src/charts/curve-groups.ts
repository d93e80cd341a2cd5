// Which curves share a chart, and which charts stand together.
import type { Curve } from "../wire.ts";
import { type Series, seriesColor } from "./scales/series.ts";

export interface CurveChartData {
  title: string;
  group: string;
  series: Series[];
}

/** Order in which groups of charts are shown. */
export const GROUPS = ["Metrics", "Losses", "Learning rate", "Time"];

/** `Losses` for a loss, and so on; what is not known is a metric. */
export function groupOf(name: string): string {
  if (/(^|[/_ .-])loss/i.test(name) || /[A-Za-z]Loss(\/|$)/.test(name)) return "Losses";
  if (/^lr([/_ .-]|$)|learning.?rate/i.test(name)) return "Learning rate";
  if (/time|duration|_s$/i.test(name)) return "Time";
  return "Metrics";
}

/** The charts of one run: one for each aggregate, with all splits in it; `first` comes first. */
export function chartsOfRun(curves: readonly Curve[], first?: unknown): CurveChartData[] {
  const splits = [...new Set(["train", "val", ...curves.map((curve) => curve.split ?? "")])];
  const names = [...new Set(curves.map((curve) => curve.name))].sort(
    (a, b) => Number(b === first) - Number(a === first),
  );
  const charts = names.map((name) => ({
    title: name,
    group: groupOf(name),
    series: curves
      .filter((curve) => curve.name === name)
      .map((curve) =>
        seriesOf(curve, curve.split ?? "", seriesColor(splits.indexOf(curve.split ?? ""))),
      ),
  }));
  return inOrder(charts);
}

export interface RunCurves {
  name: string;
  color: string;
  curves: readonly Curve[];
}

/** The charts of several runs: one for each aggregate and split; the aggregate `first` first. */
export function chartsOfRuns(runs: readonly RunCurves[], first?: unknown): CurveChartData[] {
  const keys = new Map<string, { name: string; split: string | null }>();
  for (const { curves } of runs) {
    for (const { name, split } of curves) keys.set(JSON.stringify([name, split]), { name, split });
  }
  const wanted = [...keys.values()].sort(
    (a, b) => Number(b.name === first) - Number(a.name === first),
  );
  const charts = wanted.map(({ name, split }) => ({
    title: split ? `${name} · ${split}` : name,
    group: groupOf(name),
    series: runs.flatMap((run) =>
      run.curves
        .filter((curve) => curve.name === name && curve.split === split)
        .map((curve) => seriesOf(curve, run.name, run.color)),
    ),
  }));
  return inOrder(charts);
}

/** Values without an epoch are counted instead. */
function seriesOf(curve: Curve, name: string, color: string): Series {
  return { name, color, x: curve.epochs.map((epoch, place) => epoch ?? place), y: curve.values };
}

function inOrder(charts: CurveChartData[]): CurveChartData[] {
  return charts.sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}
