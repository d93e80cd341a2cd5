// Curves over epochs, drawn by uPlot; the values under the pointer stand in the legend.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { classNames } from "../parts/class-names.ts";
import { shortNumber } from "../parts/numbers.ts";
import { themeColor, useTheme } from "../parts/theme.ts";
import styles from "./curve-chart.module.css";
import { curveOptions } from "./curve-options.ts";
import { curveFigure } from "./figure/curves.ts";
import { SaveChart } from "./save-chart.tsx";
import { alignSeries, type Series, seriesCsv, smooth, valueAt } from "./scales/series.ts";

/** The epoch under the pointer, shared by all charts of a page. */
export interface Hover {
  x: number | null;
  set: (x: number | null) => void;
}

interface CurveChartProps {
  title: string;
  series: Series[];
  hover: Hover;
  xLabel?: string;
  log?: boolean;
  /** Weight of what was before, in [0, 1). */
  smoothing?: number;
  height?: number;
}

const IN_LEGEND = 3;
const NO_SERIES: Series[] = [];

export function CurveChart(props: CurveChartProps) {
  const { title, hover, xLabel = "epoch", log = false, smoothing = 0, height = 190 } = props;
  const series = useMemo(
    () => props.series.map((one) => ({ ...one, y: smooth(one.y, smoothing) })),
    [props.series, smoothing],
  );
  const raw = smoothing > 0 ? props.series : NO_SERIES;
  const note = smoothing > 0 ? `smoothing ${smoothing.toFixed(2)}` : undefined;
  const xs = useMemo(() => alignSeries(series)[0], [series]);
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by || !xs.length) return;
    event.preventDefault();
    const at = hover.x === null ? (by > 0 ? -1 : xs.length) : xs.indexOf(hover.x);
    hover.set(xs[Math.max(0, Math.min(at + by, xs.length - 1))] ?? null);
  };
  return (
    <figure className={styles.chart} aria-label={title}>
      <figcaption className={styles.head}>
        <h4 title={title}>{title}</h4>
        <SaveChart
          title={title}
          figure={(resolveColor) => curveFigure({ title, note, series, raw, xLabel, log }, resolveColor)}
          numbers={() => seriesCsv(series, xLabel)}
        />
      </figcaption>
      {series.length <= IN_LEGEND && <Legend series={series} hover={hover} xLabel={xLabel} />}
      <div
        className={styles.plot}
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={`${title}: ${summary(series)}. Arrow keys move along the ${xLabel}s.`}
        onKeyDown={step}
        onBlur={() => hover.set(null)}
      >
        <Plot
          series={series}
          raw={raw}
          log={log}
          height={height}
          hover={hover}
        />
        {series.length > IN_LEGEND && hover.x !== null && (
          <HoverList series={series} x={hover.x} xLabel={xLabel} isLate={isLate(xs, hover.x)} />
        )}
      </div>
    </figure>
  );
}

interface PlotProps {
  series: Series[];
  /** Drawn faintly under the smoothed ones. */
  raw: Series[];
  log: boolean;
  height: number;
  hover: Hover;
}

function Plot({ series, raw, log, height, hover }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [width, setWidth] = useState(0);
  const { shown } = useTheme();
  const setHover = useRef(hover.set);
  setHover.current = hover.set;

  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` changes the colours of all tokens
  useEffect(() => {
    if (!box.current || width < 40) return;
    const drawn = [...raw, ...series];
    const isLog = log && drawn.some((one) => one.y.some((y) => y !== null && y > 0));
    const [xs, ...columns] = alignSeries(drawn);
    const data = isLog ? columns.map((ys) => ys.map((y) => (y !== null && y > 0 ? y : null))) : columns;
    const options = curveOptions({ series: drawn, faint: raw.length, isLog, width, height, token: themeColor });
    options.hooks = {
      setCursor: [
        (chart) => {
          const at = chart.cursor.idx;
          const isHere = at !== null && at !== undefined && (chart.cursor.left ?? -1) >= 0;
          if (chart.root.matches(":hover")) setHover.current(isHere ? (xs[at] ?? null) : null);
        },
      ],
    };
    const chart = new uPlot(options, [xs, ...data] as uPlot.AlignedData, box.current);
    plot.current = chart;
    return () => {
      plot.current = null;
      chart.destroy();
    };
  }, [series, raw, log, width, height, shown]);

  // The line of the pointer in all charts of the page.
  useEffect(() => {
    const chart = plot.current;
    if (!chart || chart.root.matches(":hover")) return;
    const left = hover.x === null ? -10 : chart.valToPos(hover.x, "x");
    chart.setCursor({ left, top: hover.x === null ? -10 : 5 }, false);
  }, [hover.x]);

  return <div ref={box} style={{ height }} onPointerLeave={() => hover.set(null)} />;
}

interface LegendProps {
  series: Series[];
  hover: Hover;
  xLabel: string;
}

function Legend({ series, hover, xLabel }: LegendProps) {
  return (
    <ul className={styles.legend} aria-live="polite">
      {series.map((one) => (
        <li key={one.name}>
          <Swatch color={one.color} />
          {series.length > 1 || one.name ? <span className={styles.name}>{one.name}</span> : null}
          <span className={styles.value}>{shortNumber(valueAt(one, hover.x))}</span>
        </li>
      ))}
      {hover.x !== null && (
        <li className={styles.at}>
          {xLabel} {shortNumber(hover.x)}
        </li>
      )}
    </ul>
  );
}

interface HoverListProps {
  series: Series[];
  x: number;
  xLabel: string;
  isLate: boolean;
}

function HoverList({ series, x, xLabel, isLate }: HoverListProps) {
  const there = series
    .map((one) => ({ ...one, value: one.x.includes(x) ? valueAt(one, x) : null }))
    .filter((one) => one.value !== null)
    .sort((a, b) => (b.value as number) - (a.value as number));
  return (
    <ul className={classNames(styles.list, isLate && styles.left)}>
      <li className={styles.at}>
        <span />
        {xLabel} {shortNumber(x)}
      </li>
      {there.slice(0, 10).map((one) => (
        <li key={one.name}>
          <Swatch color={one.color} />
          <span className={styles.name}>{one.name}</span>
          <span className={styles.value}>{shortNumber(one.value)}</span>
        </li>
      ))}
    </ul>
  );
}

function Swatch({ color }: { color: string }) {
  return <span className={styles.swatch} style={{ background: `var(${color})` }} />;
}

function summary(series: Series[]): string {
  return series
    .slice(0, 8)
    .map((one) => `${one.name || "value"} ends at ${shortNumber(valueAt(one, null))}`)
    .join(", ");
}

function isLate(xs: number[], x: number): boolean {
  const [first = 0] = xs;
  return x > (first + (xs.at(-1) ?? 0)) / 2;
}
