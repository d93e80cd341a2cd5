import assert from "node:assert/strict";
import { test } from "node:test";
import { countTicks, logTicks, ticks } from "./ticks.ts";

test("ticks are round, inside, and about as many as asked for", () => {
  assert.deepEqual(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(-3.2, 7.9, 4), [0, 5]);
  for (const [low, high] of [[0.001, 0.0017], [-1e6, 2e6], [3, 3.1]] as const) {
    const found = ticks(low, high, 5);
    assert.ok(found.length >= 2 && found.length <= 7, `${found}`);
    assert.ok(found.every((value) => value >= low - 1e-9 && value <= high + 1e-9));
  }
});

test("nothing has no ticks", () => {
  assert.deepEqual(ticks(1, 1, 5), []);
  assert.deepEqual(ticks(Number.NaN, 1, 5), []);
});

test("a logarithmic axis has powers of ten, or finer steps where there are few", () => {
  assert.deepEqual(logTicks(0.5, 20_000), [1, 10, 100, 1000, 10_000]);
  assert.deepEqual(logTicks(0.9, 30), [1, 2, 5, 10, 20]);
  assert.ok(logTicks(0.31, 0.42).length >= 2);
  assert.ok(logTicks(1e-30, 1e30).length < 12);
  assert.deepEqual(logTicks(0, 1), []);
  assert.deepEqual(countTicks(1), [0, 1]);
  assert.equal(countTicks(5000)[0], 0);
});
