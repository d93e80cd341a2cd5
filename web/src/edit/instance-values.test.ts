import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../wire.ts";
import { boxGeometry, countIn, filterInstances, labelIn, placesBefore, plain, withBox, withCorner, withInstance, withJoint, withLabel, withoutInstance, withVisibility } from "./instance-values.ts";

const box = (x: number) => ({ x_min: x, y_min: 0, x_max: x + 10, y_max: 10 });
const value = {
  x_min: 0, y_min: 0, x_max: 64, y_max: 64,
  instances: [box(0), box(20)],
  instances_additional_data: { label: Int32Array.of(3, 5), area: [100, 100], note: null },
};
const column = { properties: ["label", "area", "iscrowd", "annotation_id"].map((name) => ({ name })) } as Column;

test("a value of Arrow becomes one of JSON", () => {
  assert.deepEqual(plain(value.instances_additional_data), { label: [3, 5], area: [100, 100], note: null });
});

test("a label changes, and nothing else", () => {
  const next = withLabel(value, 1, 7);
  assert.deepEqual([labelIn(next, 0), labelIn(next, 1), labelIn(value, 1)], [3, 7, 5]);
  assert.deepEqual((next as typeof value).instances, value.instances);
});

test("a box that is moved takes its area with it", () => {
  const next = withBox(value, 0, [1, 2, 3, 5]) as typeof value;
  assert.deepEqual(next.instances[0], { x_min: 1, y_min: 2, x_max: 3, y_max: 5 });
  assert.deepEqual(next.instances_additional_data.area, [6, 100]);
});

test("the box of a pose is moved, its joints stay", () => {
  const pose = { instances: [{ keypoints: [{ x: 1, y: 1, visibility: 0 }], bounding_box: box(0) }], instances_additional_data: {} };
  const next = withBox(pose, 0, [1, 2, 3, 5]) as typeof pose;
  assert.deepEqual(next.instances[0], { keypoints: pose.instances[0]!.keypoints, bounding_box: boxGeometry([1, 2, 3, 5]) });
  const joint = (withJoint(pose, 0, 0, [8, 9]) as typeof pose).instances[0]!.keypoints[0];
  assert.deepEqual(joint, { x: 8, y: 9, visibility: 2 });
});

test("an instance that goes takes its properties with it", () => {
  const next = withoutInstance(value, 0) as typeof value;
  assert.deepEqual(next.instances, [box(20)]);
  assert.deepEqual(next.instances_additional_data, { label: [5], area: [100], note: [null] });
  assert.equal(countIn(filterInstances(value, () => false)), 0);
});

test("a new instance has all properties of its column", () => {
  const next = withInstance(value, boxGeometry([0, 0, 4, 5]), 3, column) as typeof value;
  assert.deepEqual(next.instances_additional_data, {
    label: [3, 5, 3], area: [100, 100, 20], iscrowd: [null, null, 0], annotation_id: [null, null, null],
  });
  assert.equal(countIn(withInstance(null, boxGeometry([0, 0, 4, 5]), null, column)), 1);
});

test("what is known of a label stays with it while others come and go", () => {
  assert.deepEqual(placesBefore(value, withoutInstance(value, 0)), [1]);
  assert.deepEqual(placesBefore(value, withLabel(value, 0, 9)), [-1, 1]);
  assert.deepEqual(placesBefore(value, withInstance(value, boxGeometry([0, 0, 4, 5]), 3, column)), [0, 1, -1]);
});

test("a joint that is not labelled has no place, and gets one with its label", () => {
  const pose = { instances: [{ keypoints: [{ x: 1, y: 2, visibility: 2 }], bounding_box: null }], instances_additional_data: { num_keypoints: [1] } };
  const seen = (visibility: number, from: unknown = pose) => withVisibility(from, 0, 0, visibility, [7, 8]);
  const jointIn = (stored: unknown) => (stored as typeof pose).instances[0]!.keypoints[0];
  assert.deepEqual(jointIn(seen(1)), { x: 1, y: 2, visibility: 1 });
  assert.deepEqual(jointIn(seen(0)), { x: 0, y: 0, visibility: 0 });
  assert.deepEqual((seen(0) as typeof pose).instances_additional_data.num_keypoints, [0]);
  assert.deepEqual(jointIn(seen(2, seen(0))), { x: 7, y: 8, visibility: 2 });
});

test("a corner of a mask is moved, and its area follows", () => {
  const mask = {
    instances: [{ polygons: [[0, 0, 4, 0, 4, 4, 0, 4], [10, 10, 12, 10, 12, 12]], rle: null }],
    instances_additional_data: { label: [1], area: [18] },
  };
  const next = withCorner(mask, 0, 5, [14, 10]) as typeof mask;
  assert.deepEqual(next.instances[0]!.polygons, [[0, 0, 4, 0, 4, 4, 0, 4], [10, 10, 14, 10, 12, 12]]);
  assert.deepEqual(next.instances_additional_data.area, [20]);
  assert.deepEqual(mask.instances[0]!.polygons[1], [10, 10, 12, 10, 12, 12]);
});
