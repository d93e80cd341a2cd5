// One edit of many samples: what it makes of the value of each.
import type { Column } from "../wire.ts";
import type { Change, Edits, Step } from "./edits.ts";
import { valueNow } from "./edits.ts";
import { instancesIn, filterInstances, plain, withLabel } from "./instance-values.ts";

export type Bulk =
  | { what: "label"; column: string; from: number | null; to: number }
  | { what: "drop"; column: string; label: number | null }
  | { what: "value"; column: string; value: unknown }
  | { what: "accept"; column: string; kinds: readonly string[]; least: number }
  | { what: "remove" };

/** Makes the labels of a sample with predictions among them. */
export type Accepting = (value: unknown, row: Record<string, unknown>) => unknown;

/** The new value of a sample; the same object where nothing changes. `null` as a class means any. */
export function bulkValue(bulk: Exclude<Bulk, { what: "remove" | "accept" }>, value: unknown): unknown {
  if (bulk.what === "value") return bulk.value;
  const { instances, instances_additional_data: properties } = instancesIn(value);
  const isMeant = (at: number) => {
    const label = (properties.label?.[at] ?? null) as number | null;
    const wanted = bulk.what === "label" ? bulk.from : bulk.label;
    return (wanted === null || label === wanted) && !(bulk.what === "label" && label === bulk.to);
  };
  const places = instances.map((_, at) => at).filter(isMeant);
  if (!places.length) return value;
  if (bulk.what === "drop") return filterInstances(value, (at) => !isMeant(at));
  return places.reduce((now, at) => withLabel(now, at, bulk.to), value);
}

/** One step for all rows; null where it would change nothing. */
export function bulkStep(
  bulk: Bulk,
  rows: readonly Record<string, unknown>[],
  edits: Edits,
  title: string,
  accepting: Accepting | null = null,
): Step | null {
  const ids = rows.map(({ example_id }) => example_id as number);
  if (bulk.what === "remove") return ids.length ? { title, changes: [], deleted: ids, restored: [] } : null;
  const changes = rows.flatMap((row): Change[] => {
    const id = row.example_id as number;
    const before = valueNow(edits, id, bulk.column, row[bulk.column]);
    const after = bulk.what === "accept" ? (accepting?.(before, row) ?? before) : bulkValue(bulk, before);
    const isSame = after === before;
    return isSame ? [] : [{ example_id: id, column: bulk.column, before: plain(before), after }];
  });
  return changes.length ? { title, changes, deleted: [], restored: [] } : null;
}

export function bulkTitle(bulk: Bulk, column: Column | null, count: number): string {
  const categories = column?.categories ?? column?.properties?.find(({ name }) => name === "label")?.categories ?? [];
  const name = (id: unknown) => categories.find((one) => one.id === id)?.name ?? (id === null ? "none" : String(id));
  switch (bulk.what) {
    case "label":
      return `${bulk.from === null ? "all boxes" : name(bulk.from)} → ${name(bulk.to)}`;
    case "drop":
      return `${bulk.label === null ? "all boxes" : name(bulk.label)} deleted`;
    case "value":
      return `${bulk.column} → ${name(bulk.value)}`;
    case "accept":
      return "predictions accepted as labels";
    case "remove":
      return count === 1 ? "sample removed" : `${count} samples removed`;
  }
}
