// Which samples regressed between two epochs, which were forgotten, and where on a fixed map.
import { useMemo } from "react";
import { useLocation } from "wouter";
import { sourceKey, sourceTitle } from "../address/other-source.ts";
import { runSamplePage } from "../address/pages.ts";
import { choiceParam, jsonParam, numberParam, textParam, useQuery } from "../address/query.ts";
import { sameOverTime, sourceOf, sourceParams, sourceQuery } from "../address/source.ts";
import { metricsOf, useInfo } from "../compare/use-changes.ts";
import { mainMetric } from "../data/main-metric.ts";
import { extent, insidePolygon, type Point } from "../data/polygon.ts";
import { Button } from "../parts/button.tsx";
import { Input } from "../parts/input.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { Select } from "../parts/select.tsx";
import { Splitter } from "../parts/splitter.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { MetricsSource, Run, SourceInfo } from "../wire.ts";
import { ChangeMap } from "./change-map.tsx";
import { HistoryList } from "./history-list.tsx";
import styles from "./history.module.css";
import { answerTo, differences, type Histories, learningOf, type Question } from "./learning.ts";
import { type FixedMap, useFixedMap, useHistories } from "./use-histories.ts";

const QUESTIONS: { question: Question; label: string }[] = [
  { question: "regressed", label: "Regressed" },
  { question: "forgotten", label: "Forgotten" },
  { question: "never", label: "Never learned" },
  { question: "improved", label: "Improved" },
  { question: "all", label: "All" },
];

const params = {
  ...sourceParams,
  metric: textParam(),
  ask: choiceParam<Question>(
    QUESTIONS.map((one) => one.question),
    "regressed",
  ),
  from: numberParam(null),
  to: numberParam(null),
  threshold: numberParam(0.5),
  shape: jsonParam<Point[] | null>(null),
};

export function History({ run }: { run: Run }) {
  const [query, set] = useQuery(params);
  const chosen = sourceOf(run, query);
  // The last epoch: its map is the one that stays.
  const source = chosen && (sameOverTime(run.sources, chosen).at(-1)?.source ?? chosen);
  const info = useInfo(source);
  const metrics = info.data ? metricsOf(info.data) : [];
  const metric = metrics.includes(query.metric) ? query.metric : mainMetric(metrics);
  const histories = useHistories(source as MetricsSource, source && metric);
  const map = useFixedMap(info.data);
  if (!source) return <EmptyState title="No samples were collected" />;
  const epochs = histories.data?.epochs ?? [];
  const from = query.from ?? epochs.at(-2) ?? epochs.at(-1) ?? 0;
  const to = query.to ?? epochs.at(-1) ?? 0;
  const choices = epochs.map((epoch) => ({ value: String(epoch), label: `epoch ${epoch}` }));
  return (
    <div className={styles.body}>
      <div className={styles.bar}>
        <Select
          label="Split"
          value={sourceKey(source)}
          options={kinds(run).map((one) => ({ value: sourceKey(one), label: splitTitle(one) }))}
          onChange={(key) => {
            const next = kinds(run).find((one) => sourceKey(one) === key);
            if (next) set({ ...kindOf(next), from: null, to: null, shape: null }, "push");
          }}
        />
        {metric && (
          <Select
            label="Metric"
            value={metric}
            options={metrics.map((name) => ({ value: name, label: name }))}
            onChange={(name) => set({ metric: name })}
          />
        )}
        <Select
          label="From"
          value={String(from)}
          options={choices}
          onChange={(epoch) => set({ from: Number(epoch) })}
        />
        <Select
          label="to"
          value={String(to)}
          options={choices}
          onChange={(epoch) => set({ to: Number(epoch) })}
        />
        <Input
          label="Right from"
          type="number"
          step="0.05"
          className={styles.threshold}
          title="A sample is right where the metric reaches this; forgotten where it falls back"
          value={String(query.threshold)}
          onChange={(text) => Number.isFinite(Number(text)) && set({ threshold: Number(text) })}
        />
      </div>
      <Loaded resource={histories}>
        {(data) =>
          data.epochs.length < 2 ? (
            <EmptyState title="There is one epoch so far">
              Collect at two epochs or more to see what changes:{" "}
              <code>metrics_collection_epochs=[0, 5, 10]</code>.
            </EmptyState>
          ) : (
            <Loaded resource={info}>
              {(known) => (
                <Answers
                  {...{ histories: data, info: known, from, to }}
                  metric={metric as string}
                  map={map.data}
                />
              )}
            </Loaded>
          )
        }
      </Loaded>
    </div>
  );
}

interface AnswersProps {
  histories: Histories;
  info: SourceInfo;
  metric: string;
  from: number;
  to: number;
  map: FixedMap | null;
}

function Answers({ histories, info, metric, from, to, map }: AnswersProps) {
  const [{ ask, threshold, shape }, set] = useQuery(params);
  const [, go] = useLocation();
  const learning = useMemo(
    () => learningOf(histories, metric, threshold),
    [histories, metric, threshold],
  );
  const change = useMemo(() => differences(histories, from, to), [histories, from, to]);
  const range = useMemo(() => rangeOf(histories), [histories]);
  const places = useMemo(() => placesOf(histories, map), [histories, map]);
  const taken = useMemo(
    () => (shape && places ? insidePolygon(places.x, places.y, shape) : null),
    [shape, places],
  );
  const counts = useMemo(
    () =>
      QUESTIONS.map(
        ({ question }) => answerTo({ question, metric, change, learning, taken }).length,
      ),
    [metric, change, learning, taken],
  );
  const shown = useMemo(
    () => answerTo({ question: ask, metric, change, learning, taken }),
    [ask, metric, change, learning, taken],
  );
  const listed = useMemo(() => {
    const mask = new Uint8Array(change.length);
    for (const row of shown) mask[row] = 1;
    return mask;
  }, [shown, change.length]);
  const source = info.source as MetricsSource;
  const list = (
    <div className={styles.left}>
      <div className={styles.questions} role="group" aria-label="Samples to show">
        {QUESTIONS.map(({ question, label }, place) => (
          <Button key={question} small pressed={ask === question} onClick={() => set({ ask: question })}>
            {label} <span className={styles.count}>{wholeNumber(counts[place] ?? 0)}</span>
          </Button>
        ))}
      </div>
      {shown.length ? (
        <HistoryList {...{ info, histories, learning, metric, from, to, change, range, shown }} />
      ) : (
        <EmptyState title="No sample is like that" />
      )}
    </div>
  );
  if (!places) return list;
  return (
    <Splitter name="history" label="List of samples" size={720} minimum={420}>
      {list}
      <ChangeMap
        map={places}
        {...{ metric, change, listed, shape }}
        onShape={(polygon) => set({ shape: polygon })}
        onOpen={(id) => go(runSamplePage(source.project, source.run, id, sourceQuery(source)))}
      />
    </Splitter>
  );
}

/** One collection for each split and table: the last. */
function kinds(run: Run): MetricsSource[] {
  const last = run.sources.map(({ source }) => sameOverTime(run.sources, source).at(-1)?.source);
  const byKey = new Map(last.flatMap((one) => (one ? [[sourceKey(one), one] as const] : [])));
  return [...byKey.values()];
}

function kindOf({ stream, split, input_table_id }: MetricsSource) {
  return { stream, split: split ?? "none", epoch: undefined, input: input_table_id ?? null };
}

function splitTitle(source: MetricsSource): string {
  return sourceTitle({ ...source, epoch: null });
}

function rangeOf({ values }: Histories): [number, number] {
  const ends = values.map((column) => extent(column));
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
}

/** Places on the map in the order of the histories; NaN for a sample that the map does not have. */
function placesOf({ example_id }: Histories, map: FixedMap | null): FixedMap | null {
  if (!map?.x.length) return null;
  const row = new Map(Array.from(map.example_id, (id, place) => [id, place]));
  const at = (values: Float32Array) =>
    Float32Array.from(example_id, (id) => values[row.get(id) ?? -1] ?? Number.NaN);
  return { example_id, x: at(map.x), y: at(map.y) };
}
