import { useRef } from "react";
import { Link } from "wouter";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { imageUrl } from "../data/image-url.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { betterOf, verdictOf } from "../data/verdict.ts";
import type { Sides } from "../compare/use-changes.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { shortNumber, signed } from "../parts/numbers.ts";
import type { SourceInfo } from "../wire.ts";
import styles from "./history.module.css";
import { type Learning, type Moment, placeOf, valuesAt } from "./learning.ts";
import type { BeforeAfter } from "./before-after.ts";

interface HistoryListProps {
  sides: Sides;
  /** Of the side after. */
  info: SourceInfo;
  pair: BeforeAfter;
  learning: Learning;
  metric: string;
  change: Float32Array;
  /** Rows in order. */
  shown: number[];
}

const HEIGHT = 64;

/** Samples with the way their metric went; only those on the screen are there. */
export function HistoryList(props: HistoryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { shown } = props;
  return (
    <VirtualList label="Samples" scroller={scroller} rows={shown.length} rowHeight={HEIGHT} listKey={shown}>
      {(line) => <Line {...props} row={shown[line] as number} />}
    </VirtualList>
  );
}

type LineProps = HistoryListProps & { row: number };

function Line(props: LineProps) {
  const { sides, info, pair, metric, change, row } = props;
  const { after } = sides;
  const id = pair.after.histories.example_id[row] as number;
  const difference = change[row] as number;
  const image = imageUrl(info, id, 256);
  return (
    <Link href={runSamplePage(after.project, after.run, id, sourceQuery(after))} className={styles.line}>
      {image ? <img className={styles.image} src={image} alt="" loading="lazy" /> : <span />}
      <span className={styles.soft}>#{id}</span>
      <Curves {...props} />
      <span>
        {shortNumber(valuesAt(pair.before)[row])} → {shortNumber(valuesAt(pair.after)[row])}
      </span>
      <span className={styles[verdictOf(difference, betterOf(info, metric))]}>{signed(difference)}</span>
      <span className={styles.notes}>
        {notesOf(props).map((note) => (
          <span key={note}>{note}</span>
        ))}
      </span>
    </Link>
  );
}

/** The curve of the run; before it, muted, that of the earlier one. */
function Curves({ sides, pair, metric, row }: LineProps) {
  const [low, high] = pair.range;
  const curve = (moment: Moment, label: string, width: number, variant?: "muted" | "strong") => (
    <Sparkline
      {...{ low, high, label, width, variant }}
      values={moment.histories.values.map((column) => column[row] as number)}
      at={placeOf(moment)}
      height={32}
    />
  );
  if (pair.isOne) return curve(pair.after, `${metric} over the epochs`, 110);
  return (
    <span className={styles.curves}>
      {curve(pair.before, `${metric} over the epochs of ${sides.before.run}`, 62, "muted")}
      {curve(pair.after, `of ${sides.after.run}`, 62, "strong")}
    </span>
  );
}

function notesOf({ pair, learning, row }: LineProps): string[] {
  const times = learning.forgotten[row] as number;
  return [
    times ? (pair.isOne ? `forgotten ${times}×` : "forgotten") : learning.learned[row] ? "" : "never correct",
    pair.labelsChanged?.[row] ? "labels changed" : "",
  ].filter(Boolean);
}
