// Under an image: a few numbers.
import { Sparkline } from "../charts/sparkline.tsx";
import type { Row } from "../data/pages.ts";
import type { SourceInfo } from "../wire.ts";
import styles from "./caption.module.css";
import type { MetricHistory } from "./use-metric-history.ts";
import { valueText } from "../data/value-text.ts";

interface CaptionProps {
  info: SourceInfo;
  row: Row;
  names: readonly string[];
  history: MetricHistory | null;
  epoch: number | null;
  /** Pixels that there are. */
  width: number;
}

/** A few numbers under an image, and how the first of them went over the epochs. */
export function Caption({ info, row, names, history, epoch, width }: CaptionProps) {
  const past = history && width >= 110 ? history.of(row.example_id as number) : null;
  const parts = names.map((name, at) => partOf(info, row, name, info.truth.includes(names[at - 1] ?? "")));
  return (
    <>
      <span className={styles.values}>
        {parts.map(({ name, title, text }) => (
          <span key={name} className={styles.value} title={`${name}: ${text}`}>
            {title && <span>{title} </span>}
            {text}
          </span>
        ))}
      </span>
      {past && history && (
        <span className={styles.past}>
          <Sparkline
            values={past}
            low={history.low}
            high={history.high}
            at={history.epochs.indexOf(epoch)}
            label={`${history.metric} over the epochs`}
          />
        </span>
      )}
    </>
  );
}

interface Part {
  name: string;
  /** Empty where the value says by itself what it is. */
  title: string;
  text: string;
}

function partOf(info: SourceInfo, row: Row, name: string, isAfterTruth: boolean): Part {
  const column = info.columns.find((one) => one.name === name);
  const plain = column?.role === "category" ? "" : (column?.title || name);
  // Beside the true label: `apple → car`.
  const title = name === "predicted_label" && isAfterTruth ? "→" : plain;
  return { name, title, text: valueText(row[name], column) };
}
