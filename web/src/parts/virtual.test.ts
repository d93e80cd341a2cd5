import assert from "node:assert/strict";
import { test } from "node:test";
import { afterScroll, elementHeight, placeAt, TALLEST, topToShow, visibleRows } from "./virtual.ts";

const short = { list: 10_000, window: 500 };
const long = { list: 170_000_000, window: 500 };

test("a short list scrolls as it is", () => {
  assert.deepEqual(afterScroll({ scrolled: 0, top: 0 }, 1234, short), { scrolled: 1234, top: 1234 });
  assert.equal(elementHeight(short.list), 10_000);
});

test("small movements in a long list are exact, row by row", () => {
  let place = placeAt(1_000_000, long);
  for (let step = 1; step <= 50; step++) {
    const next = afterScroll(place, place.scrolled + 40, long);
    assert.equal(next.top, place.top + 40);
    place = next;
  }
});

test("the scrollbar reaches every part of a long list, its ends exactly", () => {
  const start = { scrolled: 0, top: 0 };
  assert.equal(afterScroll(start, TALLEST - 500, long).top, long.list - 500);
  const middle = afterScroll(start, TALLEST / 2, long).top;
  assert.ok(Math.abs(middle / long.list - 0.5) < 0.01);
  assert.equal(afterScroll({ scrolled: 9, top: 9e6 }, 0, long).top, 0);
});

test("after resting, the place of the list stays and the scrollbar tells it", () => {
  const drifted = { scrolled: 400, top: 80_000_000 };
  const rested = placeAt(drifted.top, long);
  assert.equal(rested.top, drifted.top);
  assert.ok(Math.abs(rested.scrolled / TALLEST - drifted.top / long.list) < 0.001);
});

test("all rows of the window are drawn, and no row that is not there", () => {
  assert.deepEqual(visibleRows(950, 500, 100, 1000, 0), [9, 15]);
  assert.deepEqual(visibleRows(0, 500, 100, 3, 2), [0, 3]);
  assert.deepEqual(visibleRows(9e9, 500, 100, 1000, 2), [1000, 1000]);
});

test("a row is brought into the window by the shortest way", () => {
  assert.equal(topToShow(3, 0, 500, 100), null);
  assert.equal(topToShow(5, 0, 500, 100), 100);
  assert.equal(topToShow(2, 450, 500, 100), 200);
});
