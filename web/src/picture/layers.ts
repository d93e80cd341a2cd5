// What there is to see in one sample: layers of labels and predictions, out of its stored values.
import type { Category, Column, Skeleton, SourceInfo } from "../wire.ts";
import { type Mask, maskOf } from "./masks.ts";

/** `x_min, y_min, x_max, y_max` in pixels of the image. */
export type Box = [number, number, number, number];

export interface Joint {
  x: number;
  y: number;
  /** COCO's: 0 not labelled, 1 labelled and hidden, 2 visible. */
  visibility: number;
}

/** One box, pose or mask. */
export interface Instance {
  /** Its place in its column. */
  index: number;
  box: Box | null;
  joints: Joint[];
  mask: Mask | null;
  label: number | null;
  /** Name of its class. */
  name: string;
  confidence: number | null;
  /** What is wrong with it: of a prediction `class`, ..., of a label `matched`, `missed`, `ignored`. */
  kind: string | null;
  /** Overlap with its match, or else the largest with any label (IoU or OKS). */
  overlap: number | null;
  /** Place of the label that a prediction found, or of the prediction that found a label. */
  match: number | null;
}

export interface Score {
  label: number;
  name: string;
  confidence: number | null;
}

export type LayerShape = "boxes" | "keypoints" | "masks" | "segmentation" | "category";

export interface Layer {
  /** Name of its column. */
  column: string;
  isTruth: boolean;
  shape: LayerShape;
  categories: readonly Category[];
  skeleton: Skeleton | null;
  instances: Instance[];
  /** Of a segmentation: the pixels of each class. */
  regions: { label: number; name: string; mask: Mask }[];
  /** Of a segmentation that is stored as an image: where it lies, which the browser cannot read. */
  isElsewhere: boolean;
  /** Of a classification: the label, or the most probable ones. */
  scores: Score[];
}

export type Values = Record<string, unknown>;

const SHAPES = new Set<string>(["boxes", "keypoints", "masks", "segmentation", "category"]);
const TRUTH_KINDS = ["matched", "missed", "ignored"];

/** Labels first, then predictions; columns without a value have an empty layer. */
export function layersOf(info: SourceInfo, values: Values): Layer[] {
  const named = (names: string[], isTruth: boolean) =>
    names.flatMap((name) => {
      const column = info.columns.find((one) => one.name === name);
      return column && SHAPES.has(column.role) ? [layerOf(column, values, isTruth)] : [];
    });
  return [...named(info.truth, true), ...named(info.predictions, false)];
}

/** Size of the image in pixels, as its labels and predictions have it; null where they do not say. */
export function extentOf(info: SourceInfo, values: Values): [number, number] | null {
  for (const name of [...info.truth, ...info.predictions]) {
    const { x_max, y_max, width, height } = (values[name] ?? {}) as Record<string, number | null>;
    const [w, h] = [x_max ?? width, y_max ?? height];
    if (w && h) return [w, h];
  }
  return null;
}

function layerOf(column: Column, values: Values, isTruth: boolean): Layer {
  const value = values[column.name];
  const categories = categoriesOf(column);
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const nameOf = (label: number | null) =>
    label === null ? "unlabelled" : (names.get(label) ?? `class ${label}`);
  const shape = column.role as LayerShape;
  const stored = (value ?? {}) as Stored;
  return {
    column: column.name,
    isTruth,
    shape,
    categories,
    skeleton: column.skeleton,
    instances: SHAPED.has(shape) ? instancesOf(stored, column, values, isTruth, nameOf) : [],
    regions: shape === "segmentation" ? regionsOf(stored, nameOf) : [],
    isElsewhere: shape === "segmentation" && !stored.classes && Boolean(stored.url),
    scores: shape === "category" ? scoresOf(value, values, isTruth, nameOf) : [],
  };
}

const SHAPED = new Set<LayerShape>(["boxes", "keypoints", "masks"]);

interface Stored {
  instances?: ArrayLike<Values> | null;
  instances_additional_data?: Record<string, ArrayLike<number | null> | null> | null;
  url?: string | null;
  width?: number | null;
  height?: number | null;
  classes?: ArrayLike<{ label: number; counts: string }> | null;
}

type NameOf = (label: number | null) => string;

function instancesOf(
  stored: Stored,
  column: Column,
  values: Values,
  isTruth: boolean,
  nameOf: NameOf,
): Instance[] {
  const properties = stored.instances_additional_data ?? {};
  const kinds = column.properties?.find(({ name }) => name === "error_kind")?.categories ?? [];
  const kindOf = new Map(kinds.map(({ id, name }) => [id, name]));
  const at = (name: string, index: number) => properties[name]?.[index] ?? null;
  const truthAt = (name: string, index: number) =>
    isTruth ? ((values[name] as ArrayLike<number | null> | null | undefined)?.[index] ?? null) : null;
  return Array.from(stored.instances ?? [], (one, index) => ({
    index,
    box: boxOf(one),
    joints: Array.from((one.keypoints ?? []) as ArrayLike<Joint>),
    mask: maskOf(one),
    label: at("label", index),
    name: nameOf(at("label", index)),
    confidence: at("confidence", index),
    kind: kindOf.get(at("error_kind", index) ?? -1) ?? TRUTH_KINDS[truthAt("ground_truth_kind", index) ?? -1] ?? null,
    overlap: at("iou", index) ?? at("oks", index),
    match: at("matched_ground_truth", index) ?? truthAt("ground_truth_match", index),
  }));
}

function boxOf(one: Values): Box | null {
  const place = (one.bounding_box ?? one) as Values;
  const parts = ["x_min", "y_min", "x_max", "y_max"].map((name) => place[name]);
  return parts.every((part) => typeof part === "number") ? (parts as Box) : null;
}

function regionsOf(stored: Stored, nameOf: NameOf): Layer["regions"] {
  const { width, height } = stored;
  if (!width || !height) return [];
  return Array.from(stored.classes ?? [], ({ label, counts }) => ({
    label,
    name: nameOf(label),
    mask: { kind: "runs", width, height, counts },
  }));
}

function scoresOf(value: unknown, values: Values, isTruth: boolean, nameOf: NameOf): Score[] {
  const score = (label: number, confidence: unknown): Score => ({
    label,
    name: nameOf(label),
    confidence: typeof confidence === "number" ? confidence : null,
  });
  const top = values.top_labels as ArrayLike<number> | null | undefined;
  if (!isTruth && top?.length) {
    const sure = values.top_confidences as ArrayLike<number> | null | undefined;
    return Array.from(top, (label, at) => score(label, sure?.[at]));
  }
  if (typeof value !== "number") return [];
  return [score(value, isTruth ? null : values.confidence)];
}

/** Classes of a column: its own, or those of the labels of its instances. */
export function categoriesOf(column: Column): readonly Category[] {
  if (column.categories?.length) return column.categories;
  return column.properties?.find(({ name }) => name === "label")?.categories ?? [];
}
