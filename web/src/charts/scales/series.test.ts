import assert from "node:assert/strict";
import { test } from "node:test";
import { alignSeries, type Series, smooth, valueAt } from "./series.ts";

const make = (x: number[], y: (number | null)[]): Series => ({ name: "s", color: "--s", x, y });

test("series with other epochs share one axis", () => {
  const data = alignSeries([make([0, 2], [1, 2]), make([1, 2, 5], [3, null, 4])]);
  assert.deepEqual(data, [
    [0, 1, 2, 5],
    [1, null, 2, null],
    [null, 3, null, 4],
  ]);
});

test("smoothing keeps a constant and what is missing", () => {
  const values = smooth([2, 2, null, 2], 0.9);
  assert.equal(values[2], null);
  for (const place of [0, 1, 3]) assert.ok(Math.abs((values[place] as number) - 2) < 1e-12);
});

test("no smoothing changes nothing", () => {
  assert.deepEqual(smooth([1, null, 3], 0), [1, null, 3]);
});

test("smoothing stays between the least and the greatest", () => {
  const values = [5, 1, 4, 9, 2];
  for (const value of smooth(values, 0.6)) assert.ok((value as number) >= 1 && (value as number) <= 9);
});

test("the value at an epoch is the last one known then", () => {
  const series = make([0, 2, 4], [1, 2, null]);
  assert.deepEqual([0, 1, 3, 4, null, -1].map((x) => valueAt(series, x)), [1, 1, 2, 2, 2, null]);
});
