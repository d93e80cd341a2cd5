import assert from "node:assert/strict";
import { test } from "node:test";
import type { Instance } from "../picture/layers.ts";
import { middleOf, nextVisibility, pointAt, pointsOf } from "./label-points.ts";

const joint = (x: number, y: number, visibility: number) => ({ x, y, visibility });
const pose = { box: null, joints: [joint(2, 2, 2), joint(0, 0, 0), joint(6, 4, 1)], mask: null } as unknown as Instance;
const outline = { box: null, joints: [], mask: { kind: "polygons", rings: [[0, 0, 4, 0, 4, 4], [8, 8, 9, 8, 9, 9]] } } as unknown as Instance;
const runs = { box: null, joints: [], mask: { kind: "runs", width: 2, height: 2, counts: "" } } as unknown as Instance;

test("joints and corners are points, run lengths have none", () => {
  assert.deepEqual(pointsOf(pose).map(({ isThere }) => isThere), [true, false, true]);
  assert.deepEqual(pointsOf(outline).map(({ x, y }) => [x, y]), [[0, 0], [4, 0], [4, 4], [8, 8], [9, 8], [9, 9]]);
  assert.deepEqual([pointsOf(runs), pointsOf(null)], [[], []]);
});

test("the nearest point is taken, none that has no place", () => {
  assert.equal(pointAt(pointsOf(outline), [8.6, 8.1], 2), 4);
  assert.equal(pointAt(pointsOf(pose), [0, 0], 1), -1);
});

test("visibility goes from visible over hidden to not labelled and back", () => {
  assert.deepEqual([2, 1, 0].map(nextVisibility), [1, 0, 2]);
});

test("a joint without a place is put in the middle", () => {
  assert.deepEqual(middleOf(pose), [4, 3]);
  assert.deepEqual(middleOf({ ...pose, box: [0, 0, 10, 20] }), [5, 10]);
});
