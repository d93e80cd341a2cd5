import assert from "node:assert/strict";
import { test } from "node:test";
import { deletedNow, editedNow, noEdits, redo, type Step, toCommit, undo, valuesNow, withoutSteps, withStep } from "./edits.ts";

const base = { kind: "table", project: "p", dataset: "d", table: "t" } as const;
const step = (example_id: number, before: unknown, after: unknown, rest: Partial<Step> = {}): Step => ({
  title: "", changes: [{ example_id, column: "weight", before, after }], deleted: [], restored: [], ...rest,
});
const gone = (...deleted: number[]): Step => ({ title: "", changes: [], deleted, restored: [] });
const after = (...steps: Step[]) => steps.reduce(withStep, noEdits(base));

test("the last value of a sample is the one that counts", () => {
  const edits = after(step(1, 1, 2), step(1, 2, 3), step(4, 1, 0));
  assert.deepEqual(valuesNow(edits, 1, { weight: 1, other: 7 }), { weight: 3, other: 7 });
  assert.deepEqual(toCommit(edits).edits, [{ example_id: 1, column: "weight", value: 3 }, { example_id: 4, column: "weight", value: 0 }]);
});

test("undo and redo walk along the steps, a new step ends what was undone", () => {
  const edits = after(step(1, 1, 2), step(1, 2, 3));
  assert.deepEqual(valuesNow(undo(edits), 1, {}), { weight: 2 });
  assert.deepEqual(redo(undo(edits)), edits);
  assert.deepEqual(redo(withStep(undo(edits), step(2, 1, 0))).undone, []);
  assert.deepEqual(undo(noEdits(base)), noEdits(base));
});

test("a value that is as it was before is not committed", () => {
  assert.deepEqual(toCommit(after(step(1, 1, 2), step(1, 2, 1))), { edits: [], delete: [] });
});

test("a deleted sample takes its edits with it, until it is to stay", () => {
  const edits = after(step(1, 1, 2), gone(1, 3));
  assert.deepEqual(toCommit(edits), { edits: [], delete: [1, 3] });
  const back = withStep(edits, { ...gone(), restored: [1] });
  assert.deepEqual([...deletedNow(back)], [3]);
  assert.deepEqual(editedNow(back), new Set([1, 3]));
});

test("steps with one key that follow each other are one step", () => {
  const edits = after(step(1, 10, 11, { merge: "move" }), step(1, 11, 12, { merge: "move" }), step(1, 12, 13));
  assert.equal(edits.done.length, 2);
  assert.deepEqual(edits.done[0]?.changes[0], { example_id: 1, column: "weight", before: 10, after: 12 });
});

test("what is committed goes, what another window has added stays", () => {
  const edits = after(step(1, 1, 2), step(1, 1, 2), step(3, 1, 0));
  assert.deepEqual(withoutSteps(edits, edits.done.slice(0, 1)).done, [step(1, 1, 2), step(3, 1, 0)]);
  assert.deepEqual(withoutSteps(undo(edits), edits.done), noEdits(base));
});
