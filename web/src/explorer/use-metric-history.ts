// One metric of every sample in every epoch, for the sparklines.
import { useMemo } from "react";
import { rows } from "../api.ts";
import { rowOf } from "../filters/rows.ts";
import { extent } from "../parts/polygon.ts";
import { useResource } from "../data/use-resource.ts";
import type { SampleHistoryRequest, SourceInfo, SourceRow } from "../wire.ts";

export interface MetricHistory {
  metric: string;
  epochs: (number | null)[];
  low: number;
  high: number;
  /** Values of one sample, one per epoch; NaN where there is none. */
  of: (exampleId: number) => Float32Array | null;
}

/** More values than this are not fetched for sparklines. */
const MOST = 6_000_000;

export function useMetricHistory(
  info: SourceInfo | null,
  moments: readonly SourceRow[],
  metric: string | null,
): MetricHistory | null {
  const source = info?.source.kind === "metrics" ? info.source : null;
  const column = info?.columns.find(({ name }) => name === metric);
  const isWanted =
    source && column?.role === "number" && column.origin === "metric" && moments.length > 1 &&
    (info?.rows ?? 0) * moments.length <= MOST;
  const request: SampleHistoryRequest | null = isWanted
    ? {
        project: source.project,
        run: source.run,
        stream: source.stream,
        split: source.split ?? null,
        input_table_id: source.input_table_id ?? null,
        metric: column.name,
      }
    : null;
  const key = request && JSON.stringify([request, moments.length]);
  const { data } = useResource(key, (signal) => rows("/api/history", request, signal));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another request brings other `data`
  return useMemo(() => {
    if (!data || !request) return null;
    const ids = data.getChild("example_id").toArray() as ArrayLike<number>;
    const names = data.names.filter((name) => name !== "example_id");
    const values = names.map((name) => data.getChild(String(name)).toArray() as ArrayLike<number>);
    const ends = values.map(extent);
    return {
      metric: request.metric,
      epochs: names.map((name) => (name === "null" ? null : Number(name))),
      low: Math.min(...ends.map(([low]) => low)),
      high: Math.max(...ends.map(([, high]) => high)),
      of: (id: number) => {
        const row = rowOf(ids, id);
        return row < 0 ? null : Float32Array.from(values, (all) => all[row] as number);
      },
    };
  }, [data]);
}
