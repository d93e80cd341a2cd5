// One metric of every sample over the epochs: what was learned, forgotten, never learned.
import { isLessBetter } from "../compare/direction.ts";

/** One column an epoch, ascending; NaN is missing. */
export interface Histories {
  example_id: ArrayLike<number>;
  epochs: number[];
  values: ArrayLike<number>[];
}

export interface Learning {
  /** How often a sample was right in one epoch and wrong in the next, one value a sample. */
  forgotten: Uint16Array;
  /** 1 where it was right at least once. */
  learned: Uint8Array;
}

/**
 * A sample is right where its metric reaches the threshold: `>=`, for losses and errors `<=`.
 *
 * Source: An Empirical Study of Example Forgetting (Toneva et al., 2019): a forgetting event is a
 * step from right to wrong. Epochs without a value are passed over.
 */
export function learningOf({ example_id, values }: Histories, metric: string, threshold: number): Learning {
  const rows = example_id.length;
  const forgotten = new Uint16Array(rows);
  const learned = new Uint8Array(rows);
  const wasRight = new Uint8Array(rows);
  const isLess = isLessBetter(metric);
  for (const column of values) {
    for (let row = 0; row < rows; row++) {
      const value = column[row] as number;
      if (Number.isNaN(value)) continue;
      const isRight = isLess ? value <= threshold : value >= threshold;
      if (isRight) learned[row] = 1;
      else if (wasRight[row]) forgotten[row]! += 1;
      wasRight[row] = isRight ? 1 : 0;
    }
  }
  return { forgotten, learned };
}

export type Question = "regressed" | "improved" | "forgotten" | "never" | "all";

/** `to - from`; NaN where one is missing. */
export function differences(histories: Histories, from: number, to: number): Float32Array {
  const [left, right] = [columnOf(histories, from), columnOf(histories, to)];
  return Float32Array.from(histories.example_id, (_, row) => (right[row] ?? NaN) - (left[row] ?? NaN));
}

interface Asked {
  question: Question;
  metric: string;
  change: ArrayLike<number>;
  learning: Learning;
  /** 1 for each row that may be shown; null for all. */
  taken: ArrayLike<number> | null;
}

/** Rows that answer a question, the strongest first. */
export function answerTo({ question, metric, change, learning, taken }: Asked): number[] {
  const worse = isLessBetter(metric) ? 1 : -1;
  const loss = (row: number) => worse * (change[row] as number);
  const { forgotten, learned } = learning;
  const answers: Record<Question, (row: number) => boolean> = {
    regressed: (row) => loss(row) > 0,
    improved: (row) => loss(row) < 0,
    forgotten: (row) => (forgotten[row] as number) > 0,
    never: (row) => !learned[row],
    all: () => true,
  };
  const strength: Record<Question, (row: number) => number> = {
    regressed: loss,
    improved: (row) => -loss(row),
    forgotten: (row) => (forgotten[row] as number) * 1e6 + (loss(row) || 0),
    never: loss,
    all: loss,
  };
  const isAnswer = answers[question];
  const key = (row: number) => strength[question](row) || 0;
  const rows = Array.from({ length: change.length }, (_, row) => row);
  return rows
    .filter((row) => (!taken || taken[row]) && isAnswer(row))
    .sort((a, b) => key(b) - key(a) || a - b);
}

function columnOf({ epochs, values }: Histories, epoch: number): ArrayLike<number> {
  return values[epochs.indexOf(epoch)] ?? [];
}
