import { rows } from "../api.ts";
import { LABELS_CHANGED, labelsChangedOf } from "../compare/use-changes.ts";
import { sourceKey } from "../address/other-source.ts";
import { type Resource, useResource } from "../data/use-resource.ts";
import type { MetricsSource, SourceInfo } from "../wire.ts";
import type { Histories } from "./learning.ts";

export interface FoundHistories extends Histories {
  /** Whether labels differ on the revision of `beside`; null where that is the same one. */
  labels_changed: ArrayLike<boolean> | null;
}

/**
 * One metric of every sample in all epochs of a kind of collection; null asks for none.
 *
 * With `beside`, samples are called as they are there, on the same Table or on a revision of it.
 */
export function useHistories(
  source: MetricsSource | null,
  metric: string,
  beside: MetricsSource | null = null,
): Resource<FoundHistories> {
  const keys = [source, beside].map((one) => one && sourceKey({ ...one, epoch: null }));
  return useResource(source && `${keys.join(" ")} ${metric}`, async (signal) => {
    const { project, run, stream, split = null, input_table_id = null } = source as MetricsSource;
    const request = { project, run, stream, split, input_table_id, metric, beside };
    const table = await rows("/api/history", request, signal);
    const column = (name: string) => table.getChild(name).toArray() as ArrayLike<number>;
    const names = table.names.filter((name) => name !== "example_id" && name !== LABELS_CHANGED);
    return {
      example_id: column("example_id"),
      epochs: names.map((name) => (name === "none" ? null : Number(name))),
      values: names.map(column),
      labels_changed: labelsChangedOf(table),
    };
  });
}

export interface FixedMap {
  example_id: ArrayLike<number>;
  x: Float32Array;
  y: Float32Array;
}

/** Places of all samples on the map of one collection: it stays where it is for all epochs. */
export function useFixedMap(info: SourceInfo | null): Resource<FixedMap | null> {
  const column = info?.columns.find((one) => one.role === "coordinates") ?? null;
  const key = info && `${sourceKey(info.source as MetricsSource)} ${column?.name ?? ""}`;
  return useResource<FixedMap | null>(key, async (signal) => {
    if (!info || !column) return null;
    const columns = [`${column.name}.0`, `${column.name}.1`];
    const table = await rows("/api/columns", { source: info.source, columns }, signal);
    const [x, y] = columns.map((name) => Float32Array.from(table.getChild(name).toArray()));
    return {
      example_id: table.getChild("example_id").toArray() as ArrayLike<number>,
      x: x as Float32Array,
      y: y as Float32Array,
    };
  });
}
