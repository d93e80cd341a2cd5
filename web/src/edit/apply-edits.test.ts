import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceInfo } from "../wire.ts";
import { noEdits, type Step, withStep } from "./edits.ts";
import { editMarks, namesInTable, NO_EDIT_MARKS } from "./apply-edits.ts";

const columns = (...named: [string, string][]) => ({ columns: named.map(([name, origin]) => ({ name, origin })) }) as unknown as SourceInfo;
const table = columns(["weight", "input"], ["loss", "input"]);
const run = columns(["weight", "input"], ["input_loss", "input"], ["loss", "metrics"]);
const base = { kind: "table", project: "p", dataset: "d", table: "t" } as const;
const step = (rest: Partial<Step>): Step => ({ title: "", changes: [], deleted: [], restored: [], ...rest });
const change = (example_id: number, column: string, before: unknown, after: unknown) => ({ example_id, column, before, after });
const edits = [
  step({ changes: [change(1, "loss", 5, 6), change(2, "weight", 1, 2)] }),
  step({ changes: [change(2, "weight", 2, 1)], deleted: [3] }),
].reduce(withStep, noEdits(base));

test("a column of the Table has another name where a metric is called so", () => {
  assert.deepEqual([...namesInTable(run, table)], [["weight", "weight"], ["input_loss", "loss"]]);
  assert.equal(namesInTable(run, null).size, 0);
});

test("samples are marked that are not as they were", () => {
  const marks = editMarks(edits, namesInTable(run, table));
  assert.deepEqual([1, 2, 3, 4].map(marks.of), ["edited", null, "removed", null]);
  assert.equal(editMarks(noEdits(base), new Map()), NO_EDIT_MARKS);
});

test("a row has its edits, and is the same object as long as they are", () => {
  const marks = editMarks(edits, namesInTable(run, table));
  const row = { example_id: 1, weight: 1, input_loss: 5, loss: 0.5 };
  assert.deepEqual(marks.row(row), { ...row, input_loss: 6 });
  assert.equal(marks.row(row), marks.row(row));
  const other = { example_id: 2, weight: 1 };
  assert.equal(marks.row(other), other);
});

test("a column that was not asked for does not come into a row", () => {
  const row = { example_id: 1, weight: 1 };
  assert.deepEqual(editMarks(edits, namesInTable(run, table)).row(row), row);
});
