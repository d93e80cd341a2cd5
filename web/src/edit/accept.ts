// A prediction becomes a label: a new one, or in the place of the label that it contradicts.
import type { Box, Instance, Layer } from "../picture/layers.ts";
import type { Column } from "../wire.ts";
import { boxGeometry, instancesIn, withBox, withInstance, withLabel } from "./instance-values.ts";

export interface Accepted {
  value: unknown;
  /** What became of it, in words. */
  title: string;
  /** Place of the label. */
  index: number;
}

/** From this overlap on a wrong prediction is about a label: see `docs/detection.md`. */
const ABOUT = 0.1;

/**
 * The labels with a prediction among them. A wrong class corrects the class of the label there, a
 * wrong place its box; what is on no label is a new one.
 */
export function acceptPrediction(
  value: unknown,
  truth: Layer,
  one: Instance,
  stored: Record<string, unknown>,
  column: Column,
): Accepted {
  const about = findContradicted(truth, one);
  if (about && one.label !== null) {
    const isClass = one.kind === "class" || one.kind === "both";
    const isPlace = one.kind === "localisation" || one.kind === "both";
    const labelled = isClass ? withLabel(value, about.index, one.label) : value;
    const next = isPlace && one.box ? withBox(labelled, about.index, one.box) : labelled;
    const title = isClass ? `${about.name} → ${one.name}` : `${about.name}: box of the prediction`;
    return { value: next, title, index: about.index };
  }
  const geometry = "keypoints" in stored || !one.box ? stored : boxGeometry(one.box);
  const index = instancesIn(value).instances.length;
  return { value: withInstance(value, geometry, one.label, column), title: `${one.name} accepted as a label`, index };
}

function findContradicted(truth: Layer, one: Instance): Instance | null {
  if (!["class", "localisation", "both"].includes(one.kind ?? "") || !one.box) return null;
  const wanted = one.kind === "localisation" ? truth.instances.filter(({ label }) => label === one.label) : truth.instances;
  let best: Instance | null = null;
  let most = ABOUT;
  for (const label of wanted) {
    const overlap = label.box ? iou(label.box, one.box) : 0;
    if (overlap >= most) {
      most = overlap;
      best = label;
    }
  }
  return best;
}

export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box) => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}
