// The samples that answer a question: a list with their curves, and a map that stays fixed.
import { useMemo } from "react";
import { useLocation } from "wouter";
import { runSamplePage } from "../address/pages.ts";
import { useQuery } from "../address/query.ts";
import { sourceQuery } from "../address/source.ts";
import { countOf } from "../compare/changes.ts";
import type { Sides } from "../compare/use-changes.ts";
import { betterOf, silenceOf } from "../data/verdict.ts";
import { insidePolygon } from "../parts/polygon.ts";
import { Button } from "../parts/button.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { Splitter } from "../parts/splitter.tsx";
import { EmptyState } from "../parts/states.tsx";
import type { SourceInfo } from "../wire.ts";
import { ChangeMap } from "./change-map.tsx";
import { HistoryList } from "./history-list.tsx";
import styles from "./history.module.css";
import { rowsWithOutcome, differences, learningAcross, learningOf, placesIn } from "./learning.ts";
import { historyParams } from "./params.ts";
import { outcomesOf } from "./outcomes.ts";
import { alignBeforeAfter } from "./before-after.ts";
import type { FixedMap, FoundHistories } from "./use-histories.ts";

interface SamplesByOutcomeProps {
  sides: Sides;
  /** Of the side after. */
  info: SourceInfo;
  metric: string;
  map: FixedMap | null;
  later: FoundHistories;
  /** Of another run; null where both sides are of one. */
  earlier: FoundHistories | null;
}

export function SamplesByOutcome({ sides, info, metric, map, later, earlier }: SamplesByOutcomeProps) {
  const [{ ask: asked, threshold, shape, labels }, set] = useQuery(historyParams);
  const better = betterOf(info, metric);
  const outcomes = outcomesOf(better);
  const ask = outcomes.some(({ outcome }) => outcome === asked) ? asked : "all";
  const [, go] = useLocation();
  const { before, after } = sides;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the sides nothing but their epochs counts
  const pair = useMemo(() => alignBeforeAfter(sides, later, earlier), [before.epoch, after.epoch, later, earlier]);
  const learning = useMemo(
    () =>
      pair.isOne
        ? learningOf(later, better, threshold)
        : learningAcross(pair.before, pair.after, better, threshold),
    [pair, later, better, threshold],
  );
  const change = useMemo(() => differences(pair.before, pair.after), [pair]);
  const places = useMemo(() => placesOf(later.example_id, map), [later, map]);
  const marks = pair.labelsChanged;
  const marked = useMemo(() => countOf(marks ?? []), [marks]);
  const isOnly = marked > 0 && labels === "changed";
  const taken = useMemo(
    () => both(shape && places && insidePolygon(places.x, places.y, shape), isOnly ? marks : null),
    [shape, places, isOnly, marks],
  );
  const counts = useMemo(
    () => outcomes.map(({ outcome }) => rowsWithOutcome({ outcome, better, change, learning, taken }).length),
    [outcomes, better, change, learning, taken],
  );
  const shown = useMemo(
    () => rowsWithOutcome({ outcome: ask, better, change, learning, taken }),
    [ask, better, change, learning, taken],
  );
  const listed = useMemo(() => {
    const mask = new Uint8Array(change.length);
    for (const row of shown) mask[row] = 1;
    return mask;
  }, [shown, change.length]);
  const list = (
    <div className={styles.left}>
      <div className={styles.questions} role="group" aria-label="Samples to show">
        {outcomes.map(({ outcome, label, within, across }, place) => (
          <Button
            key={outcome}
            small
            pressed={ask === outcome}
            title={pair.isOne ? within : across}
            onClick={() => set({ ask: outcome })}
          >
            {label} <span className={styles.count}>{wholeNumber(counts[place] ?? 0)}</span>
          </Button>
        ))}
        {marks && (
          <Button
            small
            className={styles.apart}
            disabled={!marked}
            pressed={isOnly}
            title="Only samples whose labels differ between the revisions of the two runs"
            onClick={() => set({ labels: isOnly ? "" : "changed" })}
          >
            Labels changed <span className={styles.count}>{wholeNumber(marked)}</span>
          </Button>
        )}
      </div>
      {better === null && <p className={styles.soft}>{silenceOf(metric)}</p>}
      {shown.length ? (
        <HistoryList {...{ sides, info, pair, learning, metric, change, shown }} />
      ) : (
        <EmptyState title="No matching samples" />
      )}
    </div>
  );
  if (!places) return list;
  return (
    <Splitter name="history" label="List of samples" size={720} minimum={420}>
      {list}
      <ChangeMap
        map={places}
        {...{ metric, better, change, listed, shape }}
        onShape={(polygon) => set({ shape: polygon })}
        onOpen={(id) => go(runSamplePage(after.project, after.run, id, sourceQuery(after)))}
      />
    </Splitter>
  );
}

/** Rows that are in both; null takes all. */
function both(one: Uint8Array | null, other: ArrayLike<boolean> | null): Uint8Array | null {
  if (!other) return one;
  return Uint8Array.from(other, (isIn, row) => (isIn && (!one || one[row]) ? 1 : 0));
}

/** Places on the map in the order of some samples; NaN for those that the map does not have. */
function placesOf(example_id: ArrayLike<number>, map: FixedMap | null): FixedMap | null {
  if (!map?.x.length) return null;
  const rows = placesIn(map.example_id, example_id);
  const at = (values: Float32Array) => Float32Array.from(rows, (row) => values[row] ?? Number.NaN);
  return { example_id, x: at(map.x), y: at(map.y) };
}
