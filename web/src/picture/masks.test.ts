import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boundsOf, interiorPixels, type Mask, paintRuns, pixelsOf, runLengths } from "./masks.ts";

// Made by pycocotools; `tests/web/test_run_lengths.py` holds them to it.
interface Fixture { width: number; height: number; counts: string; lengths: number[]; area: number; box: number[]; rows: string[] }
const fixtures = JSON.parse(readFileSync(new URL("./masks.fixture.json", import.meta.url), "utf8")) as Fixture[];
const runs = (one: Fixture): Mask => ({ kind: "runs", width: one.width, height: one.height, counts: one.counts });

test("run lengths are those of pycocotools", () => {
  for (const one of fixtures) assert.deepEqual(runLengths(one.counts), one.lengths);
});

test("pixels are those of pycocotools", () => {
  for (const one of fixtures) {
    const pixels = new Uint8Array(one.width * one.height);
    paintRuns(pixels, one, 1);
    const rows = Array.from({ length: one.height }, (_, y) => pixels.slice(y * one.width, (y + 1) * one.width).join(""));
    assert.deepEqual(rows, one.rows);
  }
});

test("areas and boxes are those of pycocotools", () => {
  for (const one of fixtures) {
    assert.equal(pixelsOf(one.counts), one.area);
    const [x, y, width, height] = one.box as [number, number, number, number];
    assert.deepEqual(boundsOf(runs(one)), one.area ? [x, y, x + width, y + height] : null);
  }
});

test("what is inside has neighbours on all four sides", () => {
  const rows = ["11110", "11110", "11110", "00000"];
  assert.deepEqual(interiorPixels([...rows.join("")].map(Number), 5, 4), [6, 7]);
});

test("a polygon has bounds", () => {
  assert.deepEqual(boundsOf({ kind: "polygons", rings: [[1, 2, 5, 2, 5, 9], [0, 3, 1, 3, 1, 4]] }), [0, 2, 5, 9]);
});
