import assert from "node:assert/strict";
import { test } from "node:test";
import { alignedTo, rowsWithOutcome, differences, type Histories, learningAcross, learningOf, type Outcome } from "./learning.ts";

const NaN_ = Number.NaN;
// Rows: learned and kept, forgotten twice, never learned, forgotten across a gap.
const histories: Histories = {
  example_id: [0, 1, 2, 3],
  epochs: [0, 2, 4, 6, 8],
  values: [
    [0.1, 0.9, 0.1, 0.9],
    [0.6, 0.2, 0.2, NaN_],
    [0.7, 0.8, 0.1, 0.1],
    [0.9, 0.1, 0.3, 0.2],
    [0.9, 0.2, 0.2, 0.6],
  ],
};

test("a step from right to wrong is a forgetting, gaps are passed over", () => {
  const { forgotten, learned } = learningOf(histories, "higher", 0.5);
  assert.deepEqual([...forgotten], [0, 2, 0, 1]);
  assert.deepEqual([...learned], [1, 1, 0, 1]);
});

test("a loss is right below its threshold", () => {
  const flipped = { ...histories, values: histories.values.map((column) => Array.from(column, (value) => -value)) };
  assert.deepEqual(learningOf(flipped, "lower", -0.5), learningOf(histories, "higher", 0.5));
});

test("the strongest answer comes first", () => {
  const learning = learningOf(histories, "higher", 0.5);
  const change = differences({ histories, epoch: 0 }, { histories, epoch: 8 });
  const ask = (outcome: Outcome, taken: number[] | null = null) =>
    rowsWithOutcome({ outcome, better: "higher", change, learning, taken });
  assert.deepEqual(ask("regressed"), [1, 3]);
  assert.deepEqual(ask("improved"), [0, 2]);
  assert.deepEqual(ask("forgotten"), [1, 3]);
  assert.deepEqual(ask("never"), [2]);
  assert.deepEqual(ask("all", [1, 0, 0, 1]), [3, 0]);
});

test("what is missing on a side neither regressed nor improved", () => {
  const change = differences({ histories, epoch: 2 }, { histories, epoch: 8 });
  assert.ok(Number.isNaN(change[3]));
  const asked = { better: "higher" as const, change, learning: learningOf(histories, "higher", 0.5), taken: null };
  assert.ok(!rowsWithOutcome({ ...asked, outcome: "regressed" }).includes(3));
  assert.ok(!rowsWithOutcome({ ...asked, outcome: "improved" }).includes(3));
});

// Rows: wrong now, right now, never right, not there before.
const earlier: Histories = { example_id: [7, 0, 1, 2], epochs: [5, null], values: [[1, 0.6, 0.1, 0.2], [1, 0.7, 0.2, 0.3]] };
const later: Histories = { example_id: [0, 1, 2, 3], epochs: [1, 3], values: [[0.9, 0.1, 0.1, 0.6], [0.2, 0.9, 0.4, 0.1]] };

test("another run is aligned to the samples of this one", () => {
  const aligned = alignedTo(later.example_id, earlier);
  assert.deepEqual([...aligned.example_id as number[]], [0, 1, 2, 3]);
  assert.deepEqual(Array.from(aligned.values[0] as Float32Array, (value) => Math.round(value * 10)), [6, 1, 2, NaN]);
});

test("between runs the two collections say what is forgotten, all epochs what was learned", () => {
  const [before, after] = [{ histories: alignedTo(later.example_id, earlier), epoch: null }, { histories: later, epoch: 3 }];
  const { forgotten, learned } = learningAcross(before, after, "higher", 0.5);
  assert.deepEqual([...forgotten], [1, 0, 0, 0]);
  assert.deepEqual([...learned], [1, 1, 0, 1]);
  const change = differences(before, after);
  assert.ok((change[0] as number) < 0 && (change[1] as number) > 0 && Number.isNaN(change[3]));
});

test("where nobody said which way is better, nothing is forgotten and the greatest change comes first", () => {
  const learning = learningOf(histories, null, 0.5);
  assert.deepEqual([[...learning.forgotten], [...learning.learned]], [[0, 0, 0, 0], [1, 1, 1, 1]]);
  const change = differences({ histories, epoch: 0 }, { histories, epoch: 8 });
  assert.deepEqual(rowsWithOutcome({ outcome: "all", better: null, change, learning, taken: null }), [0, 1, 3, 2]);
});
