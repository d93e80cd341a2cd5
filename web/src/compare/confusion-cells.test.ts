import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOf, cellToText, namesOf, occurring, textToCell } from "./confusion-cells.ts";

const confusion = {
  classes: [
    { id: 3, name: "cat", color: null },
    { id: 7, name: "dog", color: null },
  ],
  counts: [
    [8, 2, 0],
    [0, 0, 0],
    [1, 0, 0],
  ],
};

test("cells know the classes and their share of the ground truth", () => {
  const cells = cellsOf(confusion);
  assert.deepEqual(namesOf(confusion), ["cat", "dog", "background"]);
  assert.deepEqual(cells[0]?.[1], { cell: { truth: 3, predicted: 7 }, count: 2, share: 0.2 });
  assert.deepEqual(cells[2]?.[0], { cell: { truth: null, predicted: 3 }, count: 1, share: 1 });
  assert.equal(cells[1]?.[1]?.share, 0);
});

test("a class that is neither labelled nor predicted takes no room", () => {
  assert.deepEqual(occurring(confusion), [0, 1, 2]);
  const lone = [
    [0, 0, 0],
    [0, 4, 0],
    [0, 0, 0],
  ];
  assert.deepEqual(occurring({ ...confusion, counts: lone }), [1]);
});

test("a cell comes back from its text", () => {
  for (const cell of cellsOf(confusion).flat().map((one) => one.cell)) {
    assert.deepEqual(textToCell(cellToText(cell)), cell);
  }
  assert.equal(textToCell("nonsense"), null);
});
