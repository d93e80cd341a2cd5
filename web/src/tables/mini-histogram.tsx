// A small histogram that is only looked at: of sizes, aspects, counts.
import { histogramFigure } from "../charts/figure/histogram.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { shortNumber, wholeNumber } from "../parts/numbers.ts";
import type { Histogram } from "../wire.ts";
import styles from "./mini-histogram.module.css";

interface MiniHistogramProps {
  title: string;
  unit?: string;
  /** What is counted. */
  noun: string;
  histogram: Histogram;
  /** How a value is written at the axis. */
  format?: (value: number) => string;
}

const HEIGHT = 64;

export function MiniHistogram({ title, unit = "", noun, histogram, format = shortNumber }: MiniHistogramProps) {
  const { counts, edges, values } = histogram;
  if (!counts.length) return null;
  const most = Math.max(1, ...counts);
  const [low, high] = edges?.length ? [edges[0] as number, edges.at(-1) as number] : [0, (values?.length ?? 1) - 1];
  const rangeOf = (at: number) =>
    edges?.length ? `${format(edges[at] as number)} to ${format(edges[at + 1] as number)}` : String(values?.[at] ?? at);
  const peak = counts.indexOf(most);
  return (
    <figure className={styles.bars}>
      <figcaption>
        {title}
        <SaveChart
          title={title}
          figure={(resolveColor) =>
            histogramFigure(
              {
                title,
                edges: edges?.length ? edges : counts.concat(0).map((_, at) => at - 0.5),
                layers: [{ counts, color: "--accent" }],
                xName: unit ? `${title} (${unit})` : title,
                yName: noun,
                whole: !edges?.length,
                format,
              },
              resolveColor,
            )
          }
        />
      </figcaption>
      <svg viewBox={`0 0 ${counts.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${title}: most often ${rangeOf(peak)} ${unit}`}>
        {counts.map((count, at) => (
          <rect key={at} x={at + 0.08} width={0.84} y={HEIGHT - height(count, most)} height={height(count, most)}>
            <title>{`${rangeOf(at)} ${unit}: ${wholeNumber(count)}`}</title>
          </rect>
        ))}
      </svg>
      <span className={styles.axis}>
        <span>{format(low)}</span>
        <span>{unit}</span>
        <span>{format(high)}</span>
      </span>
    </figure>
  );
}

function height(count: number, most: number): number {
  return count ? Math.max(1.5, (count / most) * HEIGHT) : 0;
}
