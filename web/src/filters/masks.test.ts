import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filter } from "../wire.ts";
import { partsOf } from "./kinds.ts";
import { type Columns, maskFromParts } from "./masks.ts";
import { invertMask } from "./not.ts";
import { isOneOf } from "./one-of.ts";
import { inRange } from "./range.ts";
import { maskOfIds, rowOf } from "./rows.ts";

const NaN_ = Number.NaN;

/** What the browser says of a filter without any word of the server. */
function localMask(filter: Filter, columns: Columns, ids: ArrayLike<number>, preview: boolean): Uint8Array | null {
  const parts = partsOf(filter).map((part) => localMask(part, columns, ids, preview));
  return parts.includes(null) ? null : maskFromParts(filter, parts as Uint8Array[], columns, ids, preview);
}

test("values are found in numbers, in booleans and in texts, null where nothing is", () => {
  assert.deepEqual([...isOneOf(Float32Array.of(0.1, 1, NaN_), [0.1, null])], [1, 0, 1]);
  assert.deepEqual([...isOneOf(Float32Array.of(0, 1, NaN_), [true])], [0, 1, 0]);
  assert.deepEqual([...isOneOf(["a", "1", null], ["a", 1])], [1, 0, 0]);
  assert.deepEqual([...isOneOf(["a", "NaN", null], [null])], [0, 0, 1]);
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
  assert.deepEqual([...maskOfIds([3, 5, 9], [9, 4, 3])], [1, 0, 1]);
});

test("inverting twice changes nothing", () => {
  assert.deepEqual([...invertMask(invertMask(Uint8Array.of(1, 0, 1)))], [1, 0, 1]);
});
