import uPlot from "uplot";
import { shortNumber } from "../parts/numbers.ts";
import type { Series } from "./scales/series.ts";

interface Drawn {
  series: Series[];
  /** How many of the first ones are drawn faintly. */
  faint: number;
  isLog: boolean;
  width: number;
  height: number;
  token: (name: string) => string;
}

const WHOLE_STEPS = [1, 2, 5].flatMap((step) => [1, 10, 100, 1e3, 1e4, 1e5].map((ten) => step * ten));

/** How uPlot draws curves: no legend of its own, no selection, whole epochs only. */
export function curveOptions({ series, faint, isLog, width, height, token }: Drawn): uPlot.Options {
  const axis = {
    stroke: token("--text-faint"),
    font: `11px ${token("--font")}`,
    ticks: { show: false },
    grid: { stroke: token("--line"), width: 1 },
  };
  const isSingle = Math.max(...series.map((one) => one.y.filter((y) => y !== null).length), 0) === 1;
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    padding: [8, 10, 0, 0],
    scales: { x: { time: false }, y: isLog ? { distr: 3 } : { range: rangeOf } },
    axes: [
      { ...axis, size: 26, incrs: WHOLE_STEPS.sort((a, b) => a - b), space: 44 },
      {
        ...axis,
        size: 52,
        space: 28,
        values: (_chart, splits) => splits.map((y) => (y === null ? "" : shortNumber(y))),
      },
    ],
    series: [
      {},
      ...series.map((one, place) => ({
        label: one.name,
        stroke: token(one.color) + (place < faint ? "44" : ""),
        width: place < faint ? 1 : 1.75,
        dash: one.dashed ? [5, 4] : undefined,
        spanGaps: true,
        points: { show: isSingle, size: 6 },
      })),
    ],
  };
}

/** Some room around the values; a curve that never changes has zero in its picture. */
function rangeOf(_chart: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || (low === 0 && high === 0)) return [0, 1];
  if (low === high) return low > 0 ? [0, 2 * low] : [2 * low, 0];
  return uPlot.rangeNum(low, high, 0.1, true) as [number, number];
}
