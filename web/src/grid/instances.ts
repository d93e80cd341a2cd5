// Boxes and points of one sample, out of the stored form of its columns.
import type { Column } from "../wire.ts";

export interface Instance {
  /** `x_min, y_min, x_max, y_max` in pixels of the image. */
  box: [number, number, number, number] | null;
  /** Places of keypoints as `x, y` in turn. */
  points: number[];
  label: number | null;
  confidence: number | null;
  /** Name of what is wrong with it: `background`, `missed`, ... */
  kind: string | null;
}

interface Stored {
  x_max?: number | null;
  y_max?: number | null;
  instances?: ArrayLike<Record<string, unknown>> | null;
  instances_additional_data?: Record<string, ArrayLike<number | null> | null> | null;
}

/** Size of the image as its labels have it; null where they do not say. */
export function extentOf(value: unknown): [number, number] | null {
  const { x_max: width, y_max: height } = (value ?? {}) as Stored;
  return width && height ? [width, height] : null;
}

/** Instances of a column with boxes, keypoints or masks; `kinds` are what each is, by place. */
export function instancesOf(value: unknown, column: Column, kinds: unknown): Instance[] {
  const stored = (value ?? {}) as Stored;
  const properties = stored.instances_additional_data ?? {};
  const kindColumn = column.properties?.find(({ name }) => name === "error_kind");
  const names = new Map(kindColumn?.categories?.map(({ id, name }) => [id, name]));
  return Array.from(stored.instances ?? [], (one, at) => ({
    box: boxOf(one),
    points: pointsOf(one),
    label: properties.label?.[at] ?? null,
    confidence: properties.confidence?.[at] ?? null,
    kind: names.get(properties.error_kind?.[at] ?? -1) ?? kindAt(kinds, at),
  }));
}

/** What is wrong with a label: `ground_truth_kind` says it beside the labels. */
const TRUTH_KINDS = ["matched", "missed", "ignored"];

function kindAt(kinds: unknown, at: number): string | null {
  const code = (kinds as ArrayLike<number> | null | undefined)?.[at];
  return code === undefined || code === null ? null : (TRUTH_KINDS[code] ?? null);
}

function boxOf(one: Record<string, unknown>): Instance["box"] {
  const place = (one.bounding_box ?? one) as Record<string, unknown>;
  const parts = ["x_min", "y_min", "x_max", "y_max"].map((name) => place[name]);
  const isBox = parts.every((part) => typeof part === "number");
  return isBox ? (parts as [number, number, number, number]) : null;
}

function pointsOf(one: Record<string, unknown>): number[] {
  const points = (one.keypoints ?? []) as ArrayLike<{ x: number; y: number; visibility: number }>;
  return Array.from(points).flatMap(({ x, y, visibility }) => (visibility === 0 ? [] : [x, y]));
}
