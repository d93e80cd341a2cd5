import assert from "node:assert/strict";
import { test } from "node:test";
import { brushedRange } from "./brush.ts";

const share = Array.from({ length: 41 }, (_, at) => at / 40);

test("a brush ends at round numbers", () => {
  assert.deepEqual(brushedRange(0.70312, 0.20188, share, false), { low: 0.2, high: 0.7 });
});

test("an end at the margin is open", () => {
  assert.deepEqual(brushedRange(0, 0.5, share, false), { low: null, high: 0.5 });
  assert.deepEqual(brushedRange(0.5, 1, share, false), { low: 0.5, high: null });
});

test("whole numbers whose bar is touched in its middle are taken", () => {
  const edges = [-0.5, 0.5, 1.5, 2.5, 3.5];
  assert.deepEqual(brushedRange(0.7, 2.2, edges, true), { low: 1, high: 2 });
  assert.deepEqual(brushedRange(1.1, 1.4, edges, true), { low: 1, high: 1 });
  assert.deepEqual(brushedRange(-0.5, 2.2, edges, true), { low: null, high: 2 });
});

test("a click is no brush", () => {
  assert.equal(brushedRange(0.5, 0.501, share, false), null);
});
