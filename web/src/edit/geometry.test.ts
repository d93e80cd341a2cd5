import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "../picture/layers.ts";
import { boxBetween, gripAt, gripCursor, gripPoint, GRIPS, resizeBox, shiftBox } from "./geometry.ts";

const image = { width: 100, height: 50 };
const box: Box = [10, 10, 30, 20];

test("every grip is found where it is drawn", () => {
  for (const grip of GRIPS) assert.deepEqual(gripAt(box, gripPoint(box, grip), 1), grip);
  assert.equal(gripAt(box, [20, 15], 1), null);
});

test("a grip moves its sides only", () => {
  assert.deepEqual(resizeBox(box, [0, 1], [-5, 2], image), [5, 12, 30, 20]);
  assert.deepEqual(resizeBox(box, [2], [5, 99], image), [10, 10, 35, 20]);
});

test("a box never turns inside out and never leaves its image", () => {
  assert.deepEqual(resizeBox(box, [2, 3], [-100, -100], image), [10, 10, 11, 11]);
  assert.deepEqual(resizeBox(box, [0, 1], [-100, -100], image), [0, 0, 30, 20]);
  assert.deepEqual(shiftBox(box, [1000, 1000], image), [80, 40, 100, 50]);
  assert.deepEqual(shiftBox(box, [-1000, 1], image), [0, 11, 20, 21]);
});

test("a box is drawn from any corner, but not by a click", () => {
  assert.deepEqual(boxBetween([30, 20], [10, 10], image), box);
  assert.deepEqual(boxBetween([90, 40], [999, 999], image), [90, 40, 100, 50]);
  assert.equal(boxBetween([5, 5], [5.4, 9], image), null);
});

test("the pointer shows where a grip goes", () => {
  assert.deepEqual(GRIPS.map(gripCursor), [
    "nwse-resize", "nesw-resize", "nwse-resize", "nesw-resize", "ns-resize", "ew-resize", "ns-resize", "ew-resize",
  ]);
});
