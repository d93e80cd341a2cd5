import type uPlot from "uplot";
import { shortNumber } from "../parts/numbers.ts";
import type { Series } from "./series.ts";

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
    scales: { x: { time: false }, y: { distr: isLog ? 3 : 1 } },
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
