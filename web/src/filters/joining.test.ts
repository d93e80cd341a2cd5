import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filter } from "../wire.ts";
import { isJoint, joinFilters } from "./joining.ts";

const has = (column: string, property: string): Filter => ({ kind: "instances", column, property, values: [1] });
const range: Filter = { kind: "range", column: "f1", low: 0, high: 1 };

test("conditions on one column of objects become one filter, all others stay", () => {
  const [fish, wrong, label] = [has("predicted", "label"), has("predicted", "error_kind"), has("bbs", "label")];
  const joined = joinFilters([fish, range, wrong, label]);
  assert.deepEqual(joined, [{ kind: "all", filters: [fish, wrong] }, range, label]);
  assert.deepEqual(joined.map(isJoint), [true, false, false]);
  assert.ok(!isJoint({ kind: "all", filters: [fish] }) && !isJoint({ kind: "all", filters: [range, range] }));
});
