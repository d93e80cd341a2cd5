import assert from "node:assert/strict";
import { test } from "node:test";
import { moveOf } from "./moves.ts";

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, altKey: false });
const grid = { place: 12, across: 5, rows: 4, count: 100 };

test("arrows move by one sample or one row", () => {
  const moves = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"].map((key) => moveOf(press(key), grid));
  assert.deepEqual(moves, [1, -1, 5, -5]);
});

test("home and end are those of the row, with control those of the list", () => {
  assert.deepEqual([moveOf(press("Home"), grid), moveOf(press("End"), grid)], [-2, 2]);
  assert.deepEqual([moveOf(press("Home", true), grid), moveOf(press("End", true), grid)], [-12, 87]);
  assert.equal(moveOf(press("End"), { ...grid, across: 1 }), 87);
});

test("a page is a window but one row", () => {
  assert.equal(moveOf(press("PageDown"), grid), 15);
});

test("other keys do not move, in a table neither do left and right", () => {
  assert.equal(moveOf(press("x"), grid), null);
  assert.equal(moveOf(press("ArrowLeft"), { ...grid, across: 1 }), null);
});
