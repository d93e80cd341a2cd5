// The same samples before and after: in two epochs of one run, or in two runs.
import { areOfOneKind } from "../address/source.ts";
import type { Sides } from "../compare/use-changes.ts";
import { extent } from "../parts/polygon.ts";
import { alignedTo, type Histories, type Moment, placesIn } from "./learning.ts";
import type { FoundHistories } from "./use-histories.ts";

export interface BeforeAfter {
  before: Moment;
  after: Moment;
  /** Whether both are of one run: there is one curve a sample. */
  isOne: boolean;
  /** Whether the labels of a sample differ between the two runs' revisions; null where that is one. */
  labelsChanged: ArrayLike<boolean> | null;
  /** Lowest and highest value of all curves. */
  range: [number, number];
}

/** `earlier` is aligned to the samples of `later`; null where both sides are in `later`. */
export function alignBeforeAfter({ before, after }: Sides, later: Histories, earlier: FoundHistories | null): BeforeAfter {
  const [from, to] = [before.epoch ?? null, after.epoch ?? null];
  const now = { histories: later, epoch: to };
  if (earlier === null || areOfOneKind(before, after)) {
    return { before: { histories: later, epoch: from }, after: now, isOne: true, labelsChanged: null, range: rangeOf(later) };
  }
  const marks = earlier.labels_changed;
  const rows = placesIn(earlier.example_id, later.example_id);
  const then = alignedTo(later.example_id, earlier);
  return {
    before: { histories: then, epoch: from },
    after: now,
    isOne: false,
    labelsChanged: marks && Array.from(rows, (row) => row >= 0 && Boolean(marks[row])),
    range: rangeOf(then, later),
  };
}

/** Lowest and highest value of some curves. */
function rangeOf(...all: Histories[]): [number, number] {
  const ends = all.flatMap(({ values }) => values.map((column) => extent(column)));
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
}
