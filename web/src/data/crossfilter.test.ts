import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, Filter } from "../wire.ts";
import { binned, binsOf } from "./bins.ts";
import { Crossfilter, countOf } from "./crossfilter.ts";
import { inRange, inverted, localMask, oneOf, ofRows, rowOf, slotOf } from "./masks.ts";

const NaN_ = Number.NaN;
const column = (changes: Partial<Column>): Column => ({
  name: "f1", origin: "metric", kind: "float", role: "number", description: "", unit: "", writable: false,
  hidden: false, size: null, minimum: 0, maximum: 1, nulls: 0, categories: null, properties: null,
  skeleton: null, ...changes,
});

test("a histogram counts what all other filters take", () => {
  const a = Float32Array.of(0, 1, 2, 3, NaN_);
  const b = Float32Array.of(0, 0, 1, 1, 1);
  const cross = new Crossfilter(5);
  cross.set("a", inRange(a, 1, 2));
  cross.set("b", oneOf(b, [1]));
  assert.deepEqual([...cross.selected()], [0, 0, 1, 0, 0]);
  const bins = binned(b, { count: 2, edges: null, values: [0, 1] });
  assert.deepEqual([...cross.counts(bins, 2, "b")], [1, 1, 0]);
  assert.deepEqual([...cross.counts(bins, 2, null)], [0, 1, 0]);
  assert.deepEqual([...cross.counts(bins, 2, "unknown")], [0, 1, 0]);
});

test("counts agree with plain loops whatever is set and taken back", () => {
  let seed = 3;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
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
  assert.deepEqual([...binned(Float32Array.of(0, 1, 0.999, NaN_), bins)], [0, 39, 39, 40]);
});

test("each whole number of a few has its own bin", () => {
  const bins = binsOf(column({ kind: "int", minimum: -1, maximum: 2 })) ?? assert.fail();
  assert.deepEqual(bins.edges, [-1.5, -0.5, 0.5, 1.5, 2.5]);
  const many = binsOf(column({ kind: "int", minimum: 0, maximum: 999 })) ?? assert.fail();
  assert.deepEqual([...binned([0, 24, 25, 999], many)], [0, 0, 1, 39]);
});

test("a column of one value has one bin, one without values none", () => {
  assert.equal(binsOf(column({ minimum: 3, maximum: 3 }))?.count, 1);
  assert.equal(binsOf(column({ minimum: null, maximum: null })), null);
  assert.equal(binsOf(column({ role: "text" })), null);
});

test("categories are counted by their ids", () => {
  const bins = binsOf(column({ role: "category", categories: [{ id: 7, name: "a", color: null }, { id: 3, name: "b", color: null }] }));
  assert.deepEqual([...binned([3, 7, 5, NaN_], bins ?? assert.fail())], [1, 0, 2, 2]);
});

test("limits of a range are inside, in the precision of the column", () => {
  assert.deepEqual([...inRange(Float32Array.of(0.1, 0.2, 0.3), 0.1, 0.2)], [1, 1, 0]);
  assert.deepEqual([...inRange(Float32Array.of(NaN_, 5), null, null)], [0, 1]);
});

test("the opposite of a filter takes what is missing", () => {
  const filter: Filter = { kind: "not", filter: { kind: "range", column: "f1", low: 0, high: 1 } };
  const columns = () => Float32Array.of(0.5, 2, NaN_);
  assert.deepEqual([...(localMask(filter, columns, [0, 1, 2], false) ?? [])], [0, 1, 1]);
});

test("what the browser cannot decide is the server's", () => {
  const text: Filter = { kind: "text", column: "a", contains: "b" };
  const lasso: Filter = { kind: "polygon", x: "x", y: "y", points: [[0, 0], [1, 0], [0, 1]] };
  const columns = () => Float32Array.of(0.1, 0.9);
  assert.equal(localMask(text, columns, [0, 1], false), null);
  assert.equal(localMask({ kind: "not", filter: lasso }, columns, [0, 1], false), null);
  assert.deepEqual([...(localMask(lasso, columns, [0, 1], true) ?? [])], [1, 0]);
});

test("a projection is decided here while it is drawn: sums of three columns in a polygon", () => {
  const values: Record<string, number[]> = { x: [0, 1, 0, 0, Number.NaN], y: [0, 0, 1, 0, 0], z: [0, 0, 0, 1, 0] };
  const turned: Filter = {
    kind: "projected", x: "x", y: "y", z: "z", across: [1, 0, 2], up: [0, 1, 2],
    points: [[0.5, -0.5], [2.5, -0.5], [2.5, 2.5], [0.5, 2.5]],
  };
  const columns = (name: string) => values[name];
  assert.deepEqual([...(localMask(turned, columns, [0, 1, 2, 3, 4], true) ?? [])], [0, 1, 0, 1, 0]);
  assert.equal(localMask(turned, columns, [0, 1, 2, 3, 4], false), null);
  assert.equal(slotOf(turned), "x*y*z");
});

test("several filters as one take what all of them take; their opposite all the rest", () => {
  const range = (low: number, high: number): Filter => ({ kind: "range", column: "f1", low, high });
  const columns = () => Float64Array.of(0.1, 0.5, 0.9, NaN_);
  const all: Filter = { kind: "all", filters: [range(0, 0.6), range(0.4, 1)] };
  const ids = [0, 1, 2, 3];
  assert.deepEqual([...(localMask(all, columns, ids, false) ?? [])], [0, 1, 0, 0]);
  assert.deepEqual([...(localMask({ kind: "not", filter: all }, columns, ids, false) ?? [])], [1, 0, 1, 1]);
  assert.deepEqual([...(localMask({ kind: "all", filters: [] }, columns, ids, false) ?? [])], [1, 1, 1, 1]);
});

test("rows are found by their ids, with gaps too", () => {
  assert.equal(rowOf([0, 1, 2], 2), 2);
  assert.equal(rowOf([3, 5, 9], 5), 1);
  assert.equal(rowOf([3, 5, 9], 4), -1);
  assert.deepEqual([...ofRows([3, 5, 9], [9, 4, 3])], [1, 0, 1]);
});

test("filters of one thing share a slot", () => {
  const range: Filter = { kind: "range", column: "f1", low: 0, high: 1 };
  assert.equal(slotOf({ kind: "not", filter: range }), slotOf(range));
  assert.equal(slotOf({ kind: "instances", column: "b", property: "label", values: [] }), "b[label]");
});

test("inverting twice changes nothing", () => {
  assert.deepEqual([...inverted(inverted(Uint8Array.of(1, 0, 1)))], [1, 0, 1]);
});
