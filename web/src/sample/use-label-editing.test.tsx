import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook, waitFor } from "@testing-library/react";
import { toCommit } from "../edit/edits.ts";
import { useEdits } from "../edit/use-edits.ts";
import type { Column, Sample, SourceInfo, TableSource } from "../wire.ts";
import { acceptedScore, useLabelEditing } from "./use-label-editing.ts";

const table: TableSource = { kind: "table", project: "p", dataset: "d", table: "t" };
const categories = ["fish", "apple"].map((name, id) => ({ id, name, color: null }));
const label = { name: "label", role: "category", categories };
const kind = { name: "error_kind", categories: [{ id: 1, name: "class" }] };
const column = (name: string, properties: object[], origin: string) =>
  ({ name, role: "boxes", origin, writable: origin === "input", categories: null, properties, skeleton: null }) as unknown as Column;
const box = (x: number) => ({ x_min: x, y_min: 0, x_max: x + 10, y_max: 10 });
const boxes = (places: number[], more: object) => ({ instances: places.map(box), instances_additional_data: more });

const truth = column("bbs", [label], "input");
const tableInfo = { source: table, columns: [truth], truth: ["bbs"], predictions: [] } as unknown as SourceInfo;
const info = { ...tableInfo, columns: [truth, column("bbs_predicted", [label, kind], "metric")], predictions: ["bbs_predicted"] } as SourceInfo;
const sample = {
  example_id: 4, width: 100, height: 80,
  values: {
    bbs: boxes([0, 30], { label: [0, 0] }),
    bbs_predicted: boxes([31], { label: [1], confidence: [0.9], iou: [0.8], matched_ground_truth: [null], error_kind: [1] }),
  },
} as unknown as Sample;

/** Each test edits a Table of its own. */
async function edit(id: string) {
  const { result } = renderHook(() => {
    const session = useEdits(table, id);
    return { session, editing: useLabelEditing({ info, tableInfo, session, sample }) };
  });
  await waitFor(() => assert.ok(result.current.session?.isReady));
  const committed = () => toCommit(result.current.session?.edits ?? assert.fail());
  const names = () => result.current.editing.layers[0]?.instances.map((one) => one.name);
  return { result, committed, names };
}

test("labels of the Table are writable, predictions are not", async () => {
  const { result, committed } = await edit("writable");
  const { editing } = result.current;
  assert.deepEqual(["bbs", "bbs_predicted"].map(editing.isWritable), [true, false]);
  await act(async () => editing.setLabel({ column: "bbs_predicted", index: 0 }, 0));
  assert.deepEqual(committed().edits, []);
});

test("another class is one edit of the sample, and is drawn at once", async () => {
  const { result, committed, names } = await edit("class");
  await act(async () => result.current.editing.setLabel({ column: "bbs", index: 1 }, 1));
  assert.deepEqual(names(), ["fish", "apple"]);
  assert.deepEqual(committed().edits.map(({ example_id, column: name }) => [example_id, name]), [[4, "bbs"]]);
  assert.equal(result.current.session?.edits.done[0]?.title, "fish → apple");
});

test("a new box is the last one, a box that is removed is gone", async () => {
  const { result, names } = await edit("add");
  await act(async () => {
    assert.deepEqual(result.current.editing.add([50, 50, 60, 60], 1), { column: "bbs", index: 2 });
  });
  assert.deepEqual(names(), ["fish", "fish", "apple"]);
  await act(async () => result.current.editing.remove({ column: "bbs", index: 0 }));
  assert.deepEqual(names(), ["fish", "apple"]);
});

test("accepting a prediction of another class corrects the label under it", async () => {
  const { result, names } = await edit("accept");
  await act(async () => {
    assert.deepEqual(result.current.editing.accept({ column: "bbs_predicted", index: 0 }), { column: "bbs", index: 1 });
  });
  assert.deepEqual(names(), ["fish", "apple"]);
});

test("a box that is moved pixel by pixel is one step", async () => {
  const { result } = await edit("move");
  for (const x of [1, 2, 3]) {
    await act(async () => result.current.editing.setBox({ column: "bbs", index: 0 }, [x, 0, x + 10, 10], "keys"));
  }
  assert.equal(result.current.session?.edits.done.length, 1);
  assert.deepEqual(result.current.editing.layers[0]?.instances[0]?.box, [3, 0, 13, 10]);
});

test("a sample is excluded, and included again", async () => {
  const { result, committed } = await edit("exclude");
  await act(async () => result.current.editing.toggleDeleted());
  assert.deepEqual([result.current.editing.isDeleted, committed().delete], [true, [4]]);
  await act(async () => result.current.editing.toggleDeleted());
  assert.deepEqual([result.current.editing.isDeleted, committed().delete], [false, []]);
});

test("a classification offers its best class where the label is another one", () => {
  const scores = (...labels: number[]) => labels.map((one) => ({ label: one, name: `class ${one}`, confidence: 0.9 }));
  const layers = (own: number, best: number) =>
    [
      { isTruth: true, shape: "category", column: "label", scores: scores(own) },
      { isTruth: false, shape: "category", column: "predicted_label", scores: scores(best, 5) },
    ] as unknown as Parameters<typeof acceptedScore>[0];
  assert.deepEqual(acceptedScore(layers(0, 1)), { column: "label", label: 1, name: "class 1" });
  assert.equal(acceptedScore(layers(1, 1)), null);
});
