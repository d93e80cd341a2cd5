import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "wouter";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { verdictOf } from "../compare/direction.ts";
import { shortNumber, signed } from "../parts/numbers.ts";
import type { MetricsSource, SourceInfo } from "../wire.ts";
import styles from "./history.module.css";
import type { Histories, Learning } from "./learning.ts";

interface HistoryListProps {
  info: SourceInfo;
  histories: Histories;
  learning: Learning;
  metric: string;
  from: number;
  to: number;
  change: Float32Array;
  /** Lowest and highest value of all, for the sparklines. */
  range: [number, number];
  /** Rows in order. */
  shown: number[];
}

const HEIGHT = 64;

/** Samples with the way their metric went; only those on the screen are there. */
export function HistoryList(props: HistoryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: props.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 6,
  });
  return (
    // biome-ignore lint: what scrolls can be reached by the keyboard
    <div ref={scroller} className={styles.list} tabIndex={0} role="region" aria-label="Samples">
      <div className={styles.inner} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((line) => (
          <Line
            key={line.key}
            {...props}
            row={props.shown[line.index] as number}
            top={line.start}
          />
        ))}
      </div>
    </div>
  );
}

function Line(props: HistoryListProps & { row: number; top: number }) {
  const { info, histories, learning, metric, from, to, change, range, row, top } = props;
  const source = info.source as MetricsSource;
  const id = histories.example_id[row] as number;
  const value = (epoch: number) => histories.values[histories.epochs.indexOf(epoch)]?.[row];
  const difference = change[row] as number;
  const times = learning.forgotten[row] as number;
  return (
    <Link
      href={runSamplePage(source.project, source.run, id, sourceQuery(source))}
      className={styles.line}
      style={{ transform: `translateY(${top}px)` }}
    >
      {info.image_path ? (
        <img
          className={styles.image}
          src={`${info.image_path}/${id}?column=${info.image_column}&size=256`}
          alt=""
          loading="lazy"
        />
      ) : (
        <span />
      )}
      <span className={styles.soft}>#{id}</span>
      <Sparkline
        values={histories.values.map((column) => column[row] as number)}
        low={range[0]}
        high={range[1]}
        at={histories.epochs.indexOf(to)}
        label={`${metric} over the epochs`}
        width={110}
        height={32}
      />
      <span>
        {shortNumber(value(from))} → {shortNumber(value(to))}
      </span>
      <span className={styles[verdictOf(difference, metric)]}>{signed(difference)}</span>
      <span className={styles.soft}>
        {times ? `forgotten ${times}×` : learning.learned[row] ? "" : "never learned"}
      </span>
    </Link>
  );
}
