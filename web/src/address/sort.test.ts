import assert from "node:assert/strict";
import { test } from "node:test";
import { sortToText, textToSort } from "./sort.ts";

test("an order and its text are one", () => {
  const sort = [{ column: "f1", descending: false }, { column: "-a,b", descending: true }];
  assert.equal(sortToText(sort), "f1,-%2da%2cb");
  assert.deepEqual(textToSort(sortToText(sort)), sort);
  assert.deepEqual(textToSort(null), []);
});
