import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../wire.ts";
import { countsOfFilter, histogramOfFilter } from "./filter-figures.ts";

const column = { name: "f1", kind: "float", role: "number", unit: null } as unknown as Column;
const numbers = { column, edges: [0, 1, 2, 3], totals: [5, 4, 3, 0], counts: null, range: null, log: false };

test("without filters there is one layer, which needs no key", () => {
  const { layers } = histogramOfFilter(numbers);
  assert.deepEqual(layers.map(({ counts, name }) => [Array.from(counts), name]), [[[5, 4, 3], undefined]]);
});

test("with a brush and other filters all layers have names", () => {
  const { layers } = histogramOfFilter({ ...numbers, counts: [2, 2, 2, 0], range: { low: 1, high: null } });
  assert.deepEqual(layers.map(({ counts, name }) => [Array.from(counts).slice(0, 3), name]), [
    [[5, 4, 3], "all 12 samples"],
    [[2, 2, 2], "matching the other filters"],
    [[0, 2, 2], "f1 ≥ 1"],
  ]);
});

test("the most frequent value comes first; all samples are behind where a filter narrows", () => {
  const value = (name: string, total: number, count: number | null) => ({ value: name, name, color: null, total, count });
  assert.deepEqual(countsOfFilter("split", [value("a", 1, 1), value("b", 9, 9)]).bars.map(({ name, total }) => [name, total]), [["b", 0], ["a", 0]]);
  const narrowed = countsOfFilter("split", [value("a", 1, 1), value("b", 9, 4)]);
  assert.deepEqual(narrowed.bars.map(({ count, total }) => [count, total]), [[4, 9], [1, 1]]);
  assert.equal(narrowed.keys?.length, 2);
});
