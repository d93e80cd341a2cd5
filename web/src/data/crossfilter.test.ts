import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../wire.ts";
import { assignBins, binsOf } from "./bins.ts";
import { Crossfilter, countOf } from "./crossfilter.ts";
import { isOneOf } from "../filters/one-of.ts";
import { inRange } from "../filters/range.ts";

const NaN_ = Number.NaN;
const column = (changes: Partial<Column>): Column => ({
  name: "f1", origin: "metric", kind: "float", role: "number", description: "", unit: "", title: "", better: null, prominence: 0, writable: false,
  hidden: false, size: null, minimum: 0, maximum: 1, nulls: 0, categories: null, properties: null,
  skeleton: null, ...changes,
});

test("a histogram counts what all other filters take", () => {
  const a = Float32Array.of(0, 1, 2, 3, NaN_);
  const b = Float32Array.of(0, 0, 1, 1, 1);
  const cross = new Crossfilter(5);
  cross.set("a", inRange(a, 1, 2));
  cross.set("b", isOneOf(b, [1]));
  assert.deepEqual([...cross.selected()], [0, 0, 1, 0, 0]);
  const bins = assignBins(b, { count: 2, edges: null, values: [0, 1] });
  assert.deepEqual([...cross.counts(bins, 2, "b")], [1, 1, 0]);
  assert.deepEqual([...cross.counts(bins, 2, null)], [0, 1, 0]);
  assert.deepEqual([...cross.counts(bins, 2, "unknown")], [0, 1, 0]);
});

test("counts agree with plain loops whatever is set and taken back", () => {
  let seed = 3;
  const next = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const columns = Array.from({ length: 4 }, () => Float32Array.from({ length: 300 }, next));
  const cross = new Crossfilter(300);
  const ranges: (null | [number, number])[] = [null, null, null, null];
  for (let step = 0; step < 60; step++) {
    const at = step % 4;
    ranges[at] = next() < 0.3 ? null : [next() / 2, 0.4 + next()];
    const range = ranges[at];
    cross.set(`${at}`, range ? inRange(columns[at] as Float32Array, ...range) : null);
    const passes = (row: number, but: number) =>
      ranges.every((r, i) => {
        const value = columns[i]?.[row] as number;
        return i === but || !r || (value >= Math.fround(r[0]) && value <= Math.fround(r[1]));
      });
    const rows = Array.from({ length: 300 }, (_, row) => row);
    assert.equal(countOf(cross.selected()), rows.filter((row) => passes(row, -1)).length);
    const counts = cross.counts(new Uint16Array(300), 1, `${at}`);
    assert.equal(counts[0], rows.filter((row) => passes(row, at)).length);
  }
});

test("the largest value is in the last bin, what is missing in none", () => {
  const bins = binsOf(column({})) ?? assert.fail();
  assert.equal(bins.count, 40);
  assert.deepEqual([...assignBins(Float32Array.of(0, 1, 0.999, NaN_), bins)], [0, 39, 39, 40]);
});

test("each whole number of a few has its own bin", () => {
  const bins = binsOf(column({ kind: "int", minimum: -1, maximum: 2 })) ?? assert.fail();
  assert.deepEqual(bins.edges, [-1.5, -0.5, 0.5, 1.5, 2.5]);
  const many = binsOf(column({ kind: "int", minimum: 0, maximum: 999 })) ?? assert.fail();
  assert.deepEqual([...assignBins([0, 24, 25, 999], many)], [0, 0, 1, 39]);
});

test("a column of one value has one bin, one without values none", () => {
  assert.equal(binsOf(column({ minimum: 3, maximum: 3 }))?.count, 1);
  assert.equal(binsOf(column({ minimum: null, maximum: null })), null);
  assert.equal(binsOf(column({ role: "text" })), null);
});

test("categories are counted by their ids", () => {
  const bins = binsOf(column({ role: "category", categories: [{ id: 7, name: "a", color: null }, { id: 3, name: "b", color: null }] }));
  assert.deepEqual([...assignBins([3, 7, 5, NaN_], bins ?? assert.fail())], [1, 0, 2, 2]);
});
