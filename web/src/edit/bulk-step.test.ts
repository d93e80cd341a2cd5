import assert from "node:assert/strict";
import { test } from "node:test";
import { bulkStep, bulkValue } from "./bulk-step.ts";
import { noEdits, toCommit, withStep } from "./edits.ts";
import { countIn, labelIn } from "./instance-values.ts";

const boxes = (...label: (number | null)[]) => ({ instances: label.map((_, at) => ({ x_min: at })), instances_additional_data: { label } });
const edits = noEdits({ kind: "table", project: "p", dataset: "d", table: "t" });

test("boxes of one class get another one", () => {
  const next = bulkValue({ what: "label", column: "bbs", from: 3, to: 7 }, boxes(3, 5, 3));
  assert.deepEqual([0, 1, 2].map((at) => labelIn(next, at)), [7, 5, 7]);
});

test("boxes of one class are deleted, or all of them", () => {
  assert.equal(countIn(bulkValue({ what: "drop", column: "bbs", label: 3 }, boxes(3, 5, 3))), 1);
  assert.equal(countIn(bulkValue({ what: "drop", column: "bbs", label: null }, boxes(3, null))), 0);
});

test("samples in which nothing changes are left alone", () => {
  const rows = [{ example_id: 0, bbs: boxes(5) }, { example_id: 1, bbs: boxes(3) }];
  const step = bulkStep({ what: "label", column: "bbs", from: 3, to: 7 }, rows, edits, "");
  assert.deepEqual(step?.changes.map(({ example_id }) => example_id), [1]);
  assert.equal(bulkStep({ what: "label", column: "bbs", from: 9, to: 7 }, rows, edits, ""), null);
});

test("many edits build on those before them", () => {
  const rows = [{ example_id: 0, bbs: boxes(3) }];
  const first = withStep(edits, bulkStep({ what: "label", column: "bbs", from: 3, to: 7 }, rows, edits, "")!);
  const second = withStep(first, bulkStep({ what: "label", column: "bbs", from: 7, to: 9 }, rows, first, "")!);
  assert.equal(labelIn(toCommit(second).edits[0]?.value, 0), 9);
  assert.deepEqual(toCommit(withStep(second, bulkStep({ what: "remove" }, rows, second, "")!)), { edits: [], delete: [0] });
});
