import assert from "node:assert/strict";
import { test } from "node:test";
import { movePoints } from "./movement.ts";

const places = (ids: number[], xs: number[]) => ({
  exampleIds: Int32Array.from(ids),
  x: Float32Array.from(xs),
  y: Float32Array.from(xs),
  z: null,
});

test("a sample goes from where it was to where it is, whatever its row", () => {
  const at = movePoints(places([3, 5], [0, 10]), places([5, 7], [20, 1]));
  assert.deepEqual([...at(0).x], [10, 1]);
  assert.deepEqual([...at(0.5).x], [15, 1]);
  assert.deepEqual([...at(1).x], [20, 1]);
});

test("a sample that had no place begins where it ends", () => {
  assert.deepEqual([...movePoints(places([0], [Number.NaN]), places([0], [4]))(0.2).y], [4]);
});
