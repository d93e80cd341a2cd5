import assert from "node:assert/strict";
import { test } from "node:test";
import { MISSING } from "../charts/scales/colors.ts";
import { changeColors, changePlaces } from "./change-colors.ts";

test("no change is in the middle, the greatest at its end", () => {
  assert.deepEqual([...changePlaces([-0.5, 0, 1, NaN], false)], [64, 127, 254, MISSING]);
  assert.deepEqual([...changePlaces([-0.5, 0, 1], true)], [191, 127, 0]);
  assert.deepEqual([...changePlaces([0, 0], false)], [127, 127]);
});

test("colours begin at worse and end at better", () => {
  const colors = changeColors([255, 0, 0], [9, 9, 9], [0, 255, 0]);
  assert.deepEqual([colors[0], colors[127], colors[254], colors[MISSING]], [[255, 0, 0], [9, 9, 9], [0, 255, 0], [9, 9, 9]]);
});
