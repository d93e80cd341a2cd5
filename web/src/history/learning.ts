// One metric of every sample over the epochs: what was learned, forgotten, never correct.
import type { Better } from "../data/verdict.ts";

/** Null is a collection without an epoch. */
export type Epoch = number | null;

/** One column an epoch, ascending; NaN is missing. */
export interface Histories {
  example_id: ArrayLike<number>;
  epochs: Epoch[];
  values: ArrayLike<number>[];
}

/** One collection in the histories of its kind. */
export interface Moment {
  histories: Histories;
  epoch: Epoch;
}

export interface Learning {
  /** How often a sample was right in one epoch and wrong in the next, one value a sample. */
  forgotten: Uint16Array;
  /** 1 where it was right at least once. */
  learned: Uint8Array;
}

/**
 * A sample is right where its metric reaches the threshold: `>=`, or `<=` where lower is better.
 * Where nobody said which way is better, nothing is forgotten and nothing left unlearned.
 *
 * Source: An Empirical Study of Example Forgetting (Toneva et al., 2019): a forgetting event is a
 * step from right to wrong. Epochs without a value are passed over.
 */
export function learningOf({ example_id, values }: Histories, better: Better, threshold: number): Learning {
  const rows = example_id.length;
  const forgotten = new Uint16Array(rows);
  const learned = new Uint8Array(rows);
  const wasRight = new Uint8Array(rows);
  if (better === null) return { forgotten, learned: learned.fill(1) };
  for (const column of values) {
    for (let row = 0; row < rows; row++) {
      const value = column[row] as number;
      if (Number.isNaN(value)) continue;
      const isRight = better === "lower" ? value <= threshold : value >= threshold;
      if (isRight) learned[row] = 1;
      else if (wasRight[row]) forgotten[row]! += 1;
      wasRight[row] = isRight ? 1 : 0;
    }
  }
  return { forgotten, learned };
}

/**
 * Between two runs: forgotten is what was right before and is wrong after, learned what was right in
 * any epoch of either.
 */
export function learningAcross(before: Moment, after: Moment, better: Better, threshold: number): Learning {
  const { example_id } = after.histories;
  const step = { example_id, epochs: [0, 1], values: [valuesAt(before), valuesAt(after)] };
  const [first, second] = [before, after].map(({ histories }) => learningOf(histories, better, threshold).learned);
  return {
    forgotten: learningOf(step, better, threshold).forgotten,
    learned: Uint8Array.from(example_id, (_, row) => (first?.[row] || second?.[row] ? 1 : 0)),
  };
}

/** The same histories with the samples of others, in their order; NaN for those that are not there. */
export function alignedTo(example_id: ArrayLike<number>, { epochs, values, ...other }: Histories): Histories {
  const rows = placesIn(other.example_id, example_id);
  return {
    example_id,
    epochs,
    values: values.map((column) => Float32Array.from(rows, (row) => (row < 0 ? Number.NaN : (column[row] as number)))),
  };
}

/** Where each of `wanted` stands in `ids`; -1 if it does not. */
export function placesIn(ids: ArrayLike<number>, wanted: ArrayLike<number>): Int32Array {
  const places = new Map(Array.from(ids, (id, place) => [id, place]));
  return Int32Array.from(wanted, (id) => places.get(id) ?? -1);
}

export type Outcome = "regressed" | "improved" | "forgotten" | "never" | "all";

/** After minus before; NaN where one is missing. Both have the same samples. */
export function differences(before: Moment, after: Moment): Float32Array {
  const [left, right] = [valuesAt(before), valuesAt(after)];
  return Float32Array.from(after.histories.example_id, (_, row) => (right[row] ?? NaN) - (left[row] ?? NaN));
}

export function placeOf({ histories, epoch }: Moment): number {
  return histories.epochs.indexOf(epoch);
}

export function valuesAt(moment: Moment): ArrayLike<number> {
  return moment.histories.values[placeOf(moment)] ?? [];
}

/** How much was lost by a change; how much it changed where nobody said which way is better. */
function lossBy(change: number, better: Better): number {
  if (better === null) return Math.abs(change);
  return better === "lower" ? change : -change;
}

interface OutcomeQuery {
  outcome: Outcome;
  better: Better;
  change: ArrayLike<number>;
  learning: Learning;
  /** 1 for each row that may be shown; null for all. */
  taken: ArrayLike<number> | null;
}

/** Rows that answer a question, the strongest first. */
export function rowsWithOutcome({ outcome, better, change, learning, taken }: OutcomeQuery): number[] {
  const loss = (row: number) => lossBy(change[row] as number, better);
  const { forgotten, learned } = learning;
  const hasOutcome: Record<Outcome, (row: number) => boolean> = {
    regressed: (row) => loss(row) > 0,
    improved: (row) => loss(row) < 0,
    forgotten: (row) => (forgotten[row] as number) > 0,
    never: (row) => !learned[row],
    all: () => true,
  };
  const strength: Record<Outcome, (row: number) => number> = {
    regressed: loss,
    improved: (row) => -loss(row),
    forgotten: (row) => (forgotten[row] as number) * 1e6 + (loss(row) || 0),
    never: loss,
    all: loss,
  };
  const isIncluded = hasOutcome[outcome];
  const key = (row: number) => strength[outcome](row) || 0;
  const rows = Array.from({ length: change.length }, (_, row) => row);
  return rows
    .filter((row) => (!taken || taken[row]) && isIncluded(row))
    .sort((a, b) => key(b) - key(a) || a - b);
}
