import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filter } from "../wire.ts";
import { complement } from "./all.ts";
import { opposite } from "./not.ts";
import { slotOf, withFilter } from "./slots.ts";

test("filters of one thing share a slot", () => {
  const range: Filter = { kind: "range", column: "f1", low: 0, high: 1 };
  assert.equal(slotOf({ kind: "not", filter: range }), slotOf(range));
  assert.equal(slotOf({ kind: "instances", column: "b", property: "label", values: [] }), "b[label]");
});

test("a filter takes the place of the one of its column", () => {
  const range = (name: string, low: number): Filter => ({ kind: "range", column: name, low, high: null });
  const all = [range("a", 0), range("b", 0)];
  assert.deepEqual(withFilter(all, "a", range("a", 1)), [range("a", 1), range("b", 0)]);
  assert.deepEqual(withFilter(all, "c", range("c", 1)), [...all, range("c", 1)]);
  assert.deepEqual(withFilter(all, "a", null), [range("b", 0)]);
  assert.deepEqual(opposite(opposite(range("a", 0))), range("a", 0));
});

test("the complement of all filters is one filter, and its own complement", () => {
  const range = (name: string): Filter => ({ kind: "range", column: name, low: 0, high: null });
  const both = [range("a"), range("b")];
  assert.deepEqual(complement(both), [{ kind: "not", filter: { kind: "all", filters: both } }]);
  assert.deepEqual(complement(complement(both)), both);
  assert.deepEqual(complement([range("a")]), [opposite(range("a"))]);
  assert.deepEqual(complement([]), [{ kind: "not", filter: { kind: "all", filters: [] } }]);
});
