import assert from "node:assert/strict";
import { test } from "node:test";
import { binsOfDifferences, type Changes, countOf, ofChangedLabels, rowsToShow, summarizeChanges } from "./changes.ts";
import { isLessBetter, verdictOf } from "./direction.ts";

const NaN_ = Number.NaN;
const changes: Changes = {
  example_id: [10, 11, 12, 13, 14],
  left_example_id: [10, 12, 13, 14, 15],
  left: [0.5, 0.9, 0.2, NaN_, 0.4],
  right: [0.9, 0.1, 0.2, 0.5, 0.3],
  difference: [0.4, -0.8, 0, NaN_, -0.1],
  labels_changed: [true, false, false, false, true],
};

test("a loss is better when it falls, a score when it rises", () => {
  for (const name of ["loss", "PPYoloELoss/loss", "false_positives", "false_negatives", "missed"]) {
    assert.ok(isLessBetter(name), name);
  }
  for (const name of ["f1", "ap_50", "precision", "true_positives", "confidence"]) {
    assert.ok(!isLessBetter(name), name);
  }
  assert.deepEqual([verdictOf(0.1, "loss"), verdictOf(0.1, "f1"), verdictOf(NaN_, "f1")], ["worse", "better", "same"]);
});

test("every sample is better, worse or the same", () => {
  const { counts, before, after } = summarizeChanges(changes, "f1");
  assert.deepEqual(counts, { better: 1, worse: 2, same: 2, all: 5 });
  assert.ok(Math.abs((before as number) - 0.5) < 1e-12 && Math.abs((after as number) - 0.375) < 1e-12);
});

test("the greatest change comes first", () => {
  assert.deepEqual(rowsToShow(changes, "f1", "worse"), [1, 4]);
  assert.deepEqual(rowsToShow(changes, "f1", "better"), [0]);
  assert.deepEqual(rowsToShow(changes, "f1", "all"), [1, 4, 2, 0, 3]);
  assert.deepEqual(rowsToShow(changes, "loss", "worse"), [0]);
});

test("a selection and a range narrow what is shown", () => {
  assert.deepEqual(rowsToShow(changes, "f1", "all", { ids: new Set([11, 12]), side: "after" }), [1, 2]);
  assert.deepEqual(rowsToShow(changes, "f1", "all", { ids: new Set([11, 12]), side: "before" }), [1]);
  assert.deepEqual(rowsToShow(changes, "f1", "all", null, [-0.2, 0.2]), [4, 2]);
});

test("samples whose labels changed are a comparison of their own", () => {
  const changed = ofChangedLabels(changes);
  assert.deepEqual([changed.example_id, changed.left_example_id], [[10, 14], [10, 15]]);
  assert.deepEqual(summarizeChanges(changed, "f1").counts, { better: 1, worse: 1, same: 0, all: 2 });
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
