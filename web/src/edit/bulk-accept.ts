// Predictions of many samples become labels in one go.
import { layersOf, type Values } from "../picture/layers.ts";
import type { Column, SourceInfo } from "../wire.ts";
import { acceptPrediction } from "./accept.ts";
import { instancesIn } from "./instance-values.ts";

/** Which wrong predictions are accepted: of all kinds that say something else than the labels. */
export const ACCEPTED = ["background", "class", "localisation", "both"] as const;
export type AcceptedKind = (typeof ACCEPTED)[number];

export interface AcceptAll {
  kinds: readonly string[];
  /** From which confidence on. */
  least: number;
}

/**
 * The labels of a sample with the predictions of some kinds among them; the same object where
 * there is none. The most confident one comes first: it is the one that corrects a label.
 */
export function acceptPredictions(
  value: unknown,
  row: Values,
  { info, predicted, truth, column }: { info: SourceInfo; predicted: string; truth: string; column: Column },
  { kinds, least }: AcceptAll,
): unknown {
  const layers = layersOf(info, { ...row, [truth]: value });
  const labels = layers.find((one) => one.column === truth);
  if (!labels) return value;
  const wanted = (layers.find((one) => one.column === predicted)?.instances ?? [])
    .filter(({ kind, confidence }) => kinds.includes(kind ?? "") && (confidence ?? 0) >= least)
    .sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const stored = instancesIn(row[predicted]).instances;
  const corrected = new Set<number>();
  return wanted.reduce((now, one) => {
    // What each is about is decided by the labels as they were.
    const { value: next, index } = acceptPrediction(now, labels, one, stored[one.index] ?? {}, column);
    if (corrected.has(index)) return now;
    corrected.add(index);
    return next;
  }, value);
}
