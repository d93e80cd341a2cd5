import assert from "node:assert/strict";
import { test } from "node:test";
import { binsOfDifferences, type Changes, countOf, ofChangedLabels, rowsToShow, summarizeChanges } from "./changes.ts";
import { verdictOf } from "../data/verdict.ts";

const NaN_ = Number.NaN;
const changes: Changes = {
  example_id: [10, 11, 12, 13, 14],
  left_example_id: [10, 12, 13, 14, 15],
  left: [0.5, 0.9, 0.2, NaN_, 0.4],
  right: [0.9, 0.1, 0.2, 0.5, 0.3],
  difference: [0.4, -0.8, 0, NaN_, -0.1],
  labels_changed: [true, false, false, false, true],
};

test("the column says what a change means; where it keeps silent nothing is better or worse", () => {
  assert.deepEqual([verdictOf(0.1, "lower"), verdictOf(0.1, "higher"), verdictOf(0.1, null)], ["worse", "better", "changed"]);
  assert.deepEqual([verdictOf(NaN_, "higher"), verdictOf(0, null)], ["same", "same"]);
  const { counts } = summarizeChanges(changes, null);
  assert.deepEqual(counts, { better: 0, worse: 0, changed: 3, same: 2, all: 5 });
  assert.deepEqual(rowsToShow(changes, null, "all"), [1, 0, 4, 2, 3]);
});

test("every sample is better, worse or the same", () => {
  const { counts, before, after } = summarizeChanges(changes, "higher");
  assert.deepEqual(counts, { better: 1, worse: 2, changed: 0, same: 2, all: 5 });
  assert.ok(Math.abs((before as number) - 0.5) < 1e-12 && Math.abs((after as number) - 0.375) < 1e-12);
});

test("the greatest change comes first", () => {
  assert.deepEqual(rowsToShow(changes, "higher", "worse"), [1, 4]);
  assert.deepEqual(rowsToShow(changes, "higher", "better"), [0]);
  assert.deepEqual(rowsToShow(changes, "higher", "all"), [1, 4, 2, 0, 3]);
  assert.deepEqual(rowsToShow(changes, "lower", "worse"), [0]);
});

test("a selection and a range narrow what is shown", () => {
  assert.deepEqual(rowsToShow(changes, "higher", "all", { ids: new Set([11, 12]), side: "after" }), [1, 2]);
  assert.deepEqual(rowsToShow(changes, "higher", "all", { ids: new Set([11, 12]), side: "before" }), [1]);
  assert.deepEqual(rowsToShow(changes, "higher", "all", null, [-0.2, 0.2]), [4, 2]);
});

test("samples whose labels changed are a comparison of their own", () => {
  const changed = ofChangedLabels(changes);
  assert.deepEqual([changed.example_id, changed.left_example_id], [[10, 14], [10, 15]]);
  assert.deepEqual(summarizeChanges(changed, "higher").counts, { better: 1, worse: 1, changed: 0, same: 0, all: 2 });
  assert.equal(countOf(changes.labels_changed ?? []), 2);
  assert.equal(ofChangedLabels({ ...changes, labels_changed: null }).example_id.length, 5);
});

test("bins lie evenly around zero and hold every difference", () => {
  const { reach, counts, edges } = binsOfDifferences(changes.difference, 5);
  assert.equal(counts.reduce((sum, one) => sum + one), 4);
  assert.deepEqual(counts, [1, 0, 2, 1, 0]);
  assert.equal(reach, 0.8);
  assert.ok(Math.abs((edges[0] as number) + (edges.at(-1) as number)) < 1e-12);
  assert.deepEqual(binsOfDifferences([0, 0], 3).counts, [0, 2, 0]);
});
