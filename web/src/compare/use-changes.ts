// What a comparison is about: both collections, their columns, and the change of one metric.
import type { Table as ArrowTable } from "@uwdata/flechette";
import { rows } from "../api.ts";
import { sourceKey } from "../address/other-source.ts";
import { type Resource, useResource } from "../data/use-resource.ts";
import type { MetricsSource } from "../wire.ts";
import type { Changes } from "./changes.ts";

export interface Sides {
  before: MetricsSource;
  after: MetricsSource;
}

export function sidesKey({ before, after }: Sides): string {
  return `${sourceKey(before)} ${sourceKey(after)}`;
}

export function useChanges(sides: Sides, metric: string | null): Resource<Changes> {
  return useResource(metric && `${sidesKey(sides)} ${metric}`, async (signal) => {
    const request = { left: sides.before, right: sides.after, metric };
    const table = await rows("/api/compare", request, signal);
    const column = (name: string) => table.getChild(name).toArray() as ArrayLike<number>;
    return {
      example_id: column("example_id"),
      left_example_id: column("left_example_id"),
      left: column("left"),
      right: column("right"),
      difference: column("difference"),
      labels_changed: labelsChangedOf(table),
    };
  });
}

export const LABELS_CHANGED = "labels_changed";

/** Which samples have other labels on another revision; null where there is one. */
export function labelsChangedOf(table: ArrowTable): ArrayLike<boolean> | null {
  return table.names.includes(LABELS_CHANGED) ? table.getChild(LABELS_CHANGED).toArray() : null;
}
