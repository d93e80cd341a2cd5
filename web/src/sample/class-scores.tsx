// Classification: the label, and the most probable classes with how sure the model is.
import { countFigure } from "../charts/figure/counts.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import type { Layer } from "../picture/layers.ts";
import { classNames } from "../parts/class-names.ts";
import styles from "./class-scores.module.css";

export function ClassScores({ exampleId, layers }: { exampleId: number; layers: readonly Layer[] }) {
  const truth = layers.filter(({ isTruth, scores }) => isTruth && scores.length);
  const predicted = layers.find(({ isTruth, scores }) => !isTruth && scores.length);
  if (!truth.length && !predicted) return null;
  const label = truth[0]?.scores[0]?.label ?? null;
  const title = predicted ? `${predicted.column} of sample ${exampleId}` : "";
  const bars = (predicted?.scores ?? []).map(({ name, label: own, confidence }) => ({
    name,
    count: confidence ?? 0,
    color: own === label ? "--true-positive" : "--background",
    words: `${formatConfidence(confidence)}${own === label ? " · the label" : ""}`,
  }));
  return (
    <dl className={styles.scores}>
      {truth.map(({ column, scores }) => (
        <div key={column} className={styles.label}>
          <dt>{column}</dt>
          <dd>{scores[0]?.name}</dd>
        </div>
      ))}
      {predicted && (
        <div className={styles.head}>
          <dt>{predicted.column}</dt>
          <dd>
            <SaveChart title={title} figure={(resolveColor) => countFigure({ title, bars, unit: "confidence", full: 1 }, resolveColor)} />
          </dd>
        </div>
      )}
      {predicted?.scores.map((score, at) => (
        <div key={score.label} className={styles.score}>
          <dt className={classNames(at === 0 && styles.first)}>
            {score.name}
            {score.label === label && <span className={styles.right}> · the label</span>}
          </dt>
          <dd>
            <span className={styles.bar} aria-hidden>
              <span data-right={score.label === label || undefined} style={{ width: `${(score.confidence ?? 0) * 100}%` }} />
            </span>
            {formatConfidence(score.confidence)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function formatConfidence(confidence: number | null): string {
  return confidence === null ? "–" : confidence.toFixed(3);
}
