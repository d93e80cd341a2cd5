import assert from "node:assert/strict";
import { test } from "node:test";
import { countWith, percent, shortNumber, signed } from "./numbers.ts";
import { ago, duration } from "./times.ts";

test("numbers keep about four digits", () => {
  const shown = [0, 12, 0.94312, 0.00001512, 19020514, 1234.56, 0.1, 2.5e12, -0.5].map(shortNumber);
  assert.deepEqual(shown, [
    "0",
    "12",
    "0.9431",
    "1.51e-5",
    "19,020,514",
    "1,234.6",
    "0.1",
    "2.5e12",
    "-0.5",
  ]);
});

test("what is missing is a dash, never a number", () => {
  assert.deepEqual([null, undefined, Number.NaN].map(shortNumber), ["–", "–", "–"]);
  assert.equal(signed(null), "–");
  assert.equal(duration(null), "–");
});

test("a sign stands before differences", () => {
  assert.deepEqual([0.12, -0.3, 0].map(signed), ["+0.12", "−0.3", "0"]);
});

test("one is one, many are many", () => {
  assert.deepEqual([countWith(1, "image"), countWith(0, "image"), countWith(1234, "image")], [
    "1 image",
    "0 images",
    "1,234 images",
  ]);
  assert.equal(percent(0.1254), "12.5 %");
});

test("durations have two units at most", () => {
  const shown = [0.0384, 4.21, 59.6, 200, 7500, 273600].map(duration);
  assert.deepEqual(shown, ["38 ms", "4.2 s", "1 min", "3 min 20 s", "2 h 5 min", "3 d 4 h"]);
});

test("what is long ago has a date", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  assert.equal(ago("2026-11-28T11:56:00Z", now), "4 min ago");
  assert.equal(ago("2026-11-25T12:00:00Z", now), "3 days ago");
  assert.match(ago("2025-11-25T12:00:00Z", now), /2025/);
});
