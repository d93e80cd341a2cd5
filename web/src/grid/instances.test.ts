import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../wire.ts";
import { extentOf, instancesOf } from "./instances.ts";

const bare = { categories: null, properties: null } as unknown as Column;
const errorKind = { name: "error_kind", categories: [{ id: 5, name: "background" }] } as Column;
const predicted = { ...bare, properties: [errorKind] };
const box = { x_min: 1, y_min: 2, x_max: 3, y_max: 4 };

test("boxes come with what is said about each", () => {
  const value = {
    x_max: 64, y_max: 48, instances: [box],
    instances_additional_data: { label: Int32Array.of(7), confidence: Float64Array.of(0.5), error_kind: [5] },
  };
  assert.deepEqual(extentOf(value), [64, 48]);
  assert.deepEqual(instancesOf(value, predicted, null), [
    { box: [1, 2, 3, 4], points: [], label: 7, confidence: 0.5, kind: "background" },
  ]);
});

test("labels are told apart by whether they were found", () => {
  const value = { instances: [box, box], instances_additional_data: { label: [3, null] } };
  assert.deepEqual(instancesOf(value, bare, [0, 1]).map(({ kind, label }) => [kind, label]), [["matched", 3], ["missed", null]]);
});

test("keypoints that are not labelled are left out", () => {
  const points = [{ x: 1, y: 2, visibility: 2 }, { x: 0, y: 0, visibility: 0 }];
  const value = { instances: [{ keypoints: points, bounding_box: box }], instances_additional_data: null };
  const [found] = instancesOf(value, bare, null);
  assert.deepEqual([found?.points, found?.box], [[1, 2], [1, 2, 3, 4]]);
});

test("nothing has no instances", () => {
  assert.deepEqual(instancesOf(null, bare, null), []);
  assert.equal(extentOf(null), null);
});
