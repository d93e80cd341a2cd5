// How a metric has changed over all samples.
import type { ReactNode } from "react";
import { histogramFigure } from "../charts/figure/histogram.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { classNames } from "../parts/class-names.ts";
import { shortNumber, signed, wholeNumber } from "../parts/numbers.ts";
import { binsOfDifferences, type Changes, type Show, summarizeChanges } from "./changes.ts";
import styles from "./compare.module.css";
import { type Better, silenceOf, verdictOf } from "../data/verdict.ts";

interface SummaryProps {
  changes: Changes;
  metric: string;
  better: Better;
  show: Show;
  onShow: (show: Show) => void;
  range: readonly [number, number] | null;
  onRange: (range: [number, number] | null) => void;
  /** What else narrows the samples. */
  children?: ReactNode;
}

const SHOWS: { show: Show; label: string }[] = [
  { show: "worse", label: "Got worse" },
  { show: "better", label: "Got better" },
  { show: "changed", label: "Changed" },
  { show: "same", label: "Unchanged" },
  { show: "all", label: "All samples" },
];

export function Summary(props: SummaryProps) {
  const { changes, metric, better, show, onShow, children } = props;
  const { counts, before, after } = summarizeChanges(changes, better);
  const difference = before === null || after === null ? null : after - before;
  return (
    <section className={styles.summary} aria-label="Summary" tabIndex={0}>
      <div>
        <h3>Mean {metric}</h3>
        <p className={styles.means}>
          {shortNumber(before)} → {shortNumber(after)}
          <small className={styles[verdictOf(difference ?? Number.NaN, better)]}>
            {signed(difference)}
          </small>
        </p>
      </div>
      {better === null && <p className={styles.silence}>{silenceOf(metric)}</p>}
      <Differences {...props} />
      <div className={styles.shows} role="group" aria-label="Samples to show">
        {showsOf(better).map((one) => (
          <button
            key={one.show}
            type="button"
            className={styles.show}
            aria-pressed={show === one.show}
            onClick={() => onShow(one.show)}
          >
            <span className={one.show === "all" ? undefined : styles[one.show]}>{one.label}</span>
            <span>{wholeNumber(counts[one.show])}</span>
          </button>
        ))}
      </div>
      {children}
    </section>
  );
}

/** Better and worse, or only changed where nobody said which way is better. */
function showsOf(better: Better) {
  const others = better === null ? ["worse", "better"] : ["changed"];
  return SHOWS.filter(({ show }) => !others.includes(show));
}

const COLORS = { worse: "--danger", better: "--good", changed: "--accent", same: "--text-soft" };

/** Counts by difference; a bar narrows the list to its samples. */
function Differences({ changes, metric, better, range, onRange }: SummaryProps) {
  const { reach, counts, edges } = binsOfDifferences(changes.difference);
  const middle = (counts.length - 1) / 2;
  // The bar of what is unchanged is often far higher than all others: it is cut off.
  const highest = Math.max(...counts.filter((_, bin) => bin !== middle), 1);
  return (
    <div className={styles.chart}>
      <div className={styles.title}>
        <h3>Difference per sample</h3>
        <SaveChart
          title={`Difference of ${metric}`}
          figure={(resolveColor) =>
            histogramFigure(
              {
                title: `Difference of ${metric}`,
                edges,
                layers: [{ counts, color: (bin) => COLORS[verdictOf(bin - middle, better)] }],
                xName: `difference of ${metric}`,
                yName: "samples",
                format: signed,
                highest,
                keys: showsOf(better).flatMap(({ show, label }) => (show === "all" ? [] : [{ name: label, color: COLORS[show], mark: "square" as const }])),
              },
              resolveColor,
            )
          }
        />
      </div>
      <div className={styles.bars} role="group" aria-label={`Differences of ${metric}`}>
        {counts.map((count, bin) => {
          const ends: [number, number] = [edges[bin] as number, edges[bin + 1] as number];
          const isOn = range !== null && range[0] === ends[0] && range[1] === ends[1];
          return (
            <button
              key={bin}
              type="button"
              className={styles.bar}
              disabled={!count}
              aria-pressed={isOn}
              aria-label={`${shortNumber(ends[0])} to ${shortNumber(ends[1])}: ${count}`}
              title={`${shortNumber(ends[0])} to ${shortNumber(ends[1])}: ${count}`}
              onClick={() => onRange(isOn ? null : ends)}
            >
              <span className={styles.inner}>
                <span
                  className={classNames(styles.fill, styles[verdictOf(bin - middle, better)])}
                  style={{ height: `${Math.min(1, count / highest) * 100}%` }}
                />
              </span>
            </button>
          );
        })}
      </div>
      <div className={styles.ends}>
        <span>{signed(-reach)}</span>
        <span>0</span>
        <span>{signed(reach)}</span>
      </div>
    </div>
  );
}
