// The same samples before and after, side by side; only those on the screen are there.
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { Link } from "wouter";
import { imageUrl } from "../data/image-url.ts";
import { loadRowsById } from "../data/load-rows.ts";
import { sourceKey } from "../address/other-source.ts";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { Pages, type Row } from "../data/pages.ts";
import { type RowLayers, drawnColumns, rowLayers } from "../grid/layers-of-rows.ts";
import { Tile } from "../grid/tile.tsx";
import { Badge } from "../parts/badge.tsx";
import { useSize } from "../parts/use-size.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { shortNumber, signed } from "../parts/numbers.ts";
import { ErrorState } from "../parts/states.tsx";
import type { MetricsSource, SourceInfo } from "../wire.ts";
import { type Changes, idsOf, type Side } from "./changes.ts";
import styles from "./compare.module.css";
import { betterOf, verdictOf } from "../data/verdict.ts";
import list from "./pair-list.module.css";

interface PairListProps {
  before: SourceInfo;
  after: SourceInfo;
  changes: Changes;
  metric: string;
  /** Predictions below it are not drawn. */
  confidence: number;
  /** Rows of `changes`, in order. */
  shown: number[];
}

/** Pixels that the list is taken to be wide before it is measured. */
const UNMEASURED = 900;
const LEAST = 150;
const GAP = 12;
const WORDS = 26;

export function PairList(props: PairListProps) {
  const { before, after, changes, metric, shown, confidence } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const pages = usePairs(before, after, changes, shown);
  useSyncExternalStore(pages.subscribe, pages.version);

  const width = useSize(scroller).width || UNMEASURED;
  const across = Math.max(1, Math.floor(width / (2 * LEAST + 40)));
  const size = Math.floor(((width - (across - 1) * GAP) / across - 24) / 2);
  const load = useCallback(
    (first: number, last: number) => pages.want(first * across, last * across),
    [pages, across],
  );

  if (pages.error) return <ErrorState error={pages.error} />;
  return (
    <VirtualList
      label="Samples"
      scroller={scroller}
      rows={Math.ceil(shown.length / across)}
      rowHeight={size + WORDS + 20 + GAP}
      listKey={shown}
      onRows={load}
      className={list.list}
    >
      {(line) => (
        <div className={list.line} style={{ gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}>
          {shown.slice(line * across, (line + 1) * across).map((row, column) => (
            <Pair
              key={row}
              row={pages.row(line * across + column)}
              {...{ before, after, changes, metric, confidence, size }}
              at={row}
            />
          ))}
        </div>
      )}
    </VirtualList>
  );
}

interface PairProps extends Omit<PairListProps, "shown"> {
  /** Both stored rows; null until they have come. */
  row: Row | null;
  at: number;
  size: number;
}

function Pair(props: PairProps) {
  const { row, at, before, after, changes, metric, confidence, size } = props;
  const id = changes.example_id[at] as number;
  const difference = changes.difference[at] as number;
  const source = after.source as MetricsSource;
  const image = (info: SourceInfo, side: Side) => imageUrl(info, idsOf(changes, side)[at] as number, 256);
  const drawn = useMemo(() => {
    const of = (info: SourceInfo, side: string) => (row?.[side] ? rowLayers(info, row[side] as Row) : null);
    return { before: of(before, "before"), after: of(after, "after") } satisfies Record<string, RowLayers | null>;
  }, [row, before, after]);
  return (
    <Link
      href={runSamplePage(source.project, source.run, id, sourceQuery(source))}
      className={list.pair}
    >
      <span className={list.words}>
        <span className={list.id}>
          <span className="visually-hidden">Sample </span>#{id}
        </span>
        <span>
          <span className="visually-hidden">{metric} before and after: </span>
          {shortNumber(changes.left[at])} → {shortNumber(changes.right[at])}
        </span>
        {changes.labels_changed?.[at] && (
          <span className={list.mark}>
            <Badge tone="accent">labels changed</Badge>
          </span>
        )}
        <span className={`${list.difference} ${styles[verdictOf(difference, betterOf(after, metric))]}`}>
          {signed(difference)}
        </span>
      </span>
      <span className={list.images}>
        <Tile src={image(before, "before")} size={size} drawn={drawn.before} least={confidence} />
        <Tile src={image(after, "after")} size={size} drawn={drawn.after} least={confidence} />
      </span>
    </Link>
  );
}

/** Stored rows of both sides, page by page, as `{ before, after }`. */
function usePairs(before: SourceInfo, after: SourceInfo, changes: Changes, shown: number[]): Pages {
  const key = `${sourceKey(before.source as MetricsSource)} ${sourceKey(after.source as MetricsSource)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says which sources they are
  const pages = useMemo(
    () =>
      new Pages(async (offset, limit, signal) => {
        const part = shown.slice(offset, offset + limit);
        const ids = (side: Side) => part.map((row) => idsOf(changes, side)[row] as number);
        const [left, right] = await Promise.all([
          loadRowsById(before.source, ids("before"), signal, drawnColumns(before)),
          loadRowsById(after.source, ids("after"), signal, drawnColumns(after)),
        ]);
        const pairs = part.map((row) => ({
          before: left.get(idsOf(changes, "before")[row] as number),
          after: right.get(idsOf(changes, "after")[row] as number),
        }));
        return { rows: pairs, total: shown.length };
      }),
    [key, changes, shown],
  );
  useEffect(() => () => pages.close(), [pages]);
  return pages;
}
