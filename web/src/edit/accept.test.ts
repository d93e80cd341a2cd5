import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance, Layer } from "../picture/layers.ts";
import type { Column } from "../wire.ts";
import { acceptPrediction, iou } from "./accept.ts";
import { boxGeometry, countIn, labelIn } from "./instance-values.ts";

const column = { properties: [{ name: "label" }] } as Column;
const fish = { index: 0, box: [0, 0, 10, 10], label: 3, name: "fish" } as unknown as Instance;
const truth = { instances: [fish] } as unknown as Layer;
const value = { instances: [boxGeometry([0, 0, 10, 10])], instances_additional_data: { label: [3] } };
const predicted = (kind: string, label: number, box = [1, 0, 11, 10]) =>
  ({ index: 0, box, label, name: label === 3 ? "fish" : "apple", kind }) as unknown as Instance;
const done = (one: Instance) => acceptPrediction(value, truth, one, {}, column);

test("another class corrects the label, whose box stays", () => {
  const { value: next, title } = done(predicted("class", 7));
  assert.deepEqual([labelIn(next, 0), (next as typeof value).instances[0], title], [7, value.instances[0], "fish → apple"]);
});

test("another place corrects the box of a label of that class", () => {
  const { value: next } = done(predicted("localisation", 3, [5, 0, 15, 10]));
  assert.deepEqual([labelIn(next, 0), (next as typeof value).instances[0]], [3, boxGeometry([5, 0, 15, 10])]);
});

test("what is on no label is a new one", () => {
  const { value: next, index } = done(predicted("background", 7, [50, 50, 60, 60]));
  assert.deepEqual([countIn(next), labelIn(next, 1), index], [2, 7, 1]);
  assert.equal(countIn(done(predicted("localisation", 7, [50, 50, 60, 60])).value), 2);
});

test("overlap is intersection over union", () => {
  assert.equal(iou([0, 0, 10, 10], [5, 0, 15, 10]), 1 / 3);
  assert.equal(iou([0, 0, 1, 1], [1, 0, 2, 1]), 0);
});
