import assert from "node:assert/strict";
import { test } from "node:test";
import { type LoadPage, PAGE, Pages } from "./pages.ts";

function counted(total: number) {
  const asked: number[] = [];
  const load: LoadPage = async (offset, limit) => {
    asked.push(offset);
    const rows = Array.from({ length: Math.min(limit, total - offset) }, (_, at) => ({ at: offset + at }));
    return { rows, total };
  };
  return { pages: new Pages(load), asked };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the first page tells how many rows there are, the next one is fetched before it is wanted", async () => {
  const { pages, asked } = counted(250);
  pages.want(0, 10);
  await settled();
  pages.want(0, 10);
  await settled();
  assert.equal(pages.total, 250);
  assert.deepEqual(asked, [0, PAGE]);
  assert.deepEqual([pages.row(7)?.at, pages.row(150)?.at, pages.row(249)], [7, 150, null]);
});

test("what lies beside the screen waits for what is on it", async () => {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const pages = new Pages((offset) => {
    asked.push(offset);
    return new Promise((resolve) => answers.push(() => resolve({ rows: [{ at: offset }], total: 10_000 })));
  });
  pages.want(0, 10);
  answers.shift()?.();
  await settled();
  answers.shift()?.();
  await settled();
  assert.deepEqual(asked, [0, PAGE]);
  pages.want(5000, 5010);
  assert.deepEqual(asked.slice(2), [5000]);
  for (const more of [[5000, 5000 + PAGE], [5000, 5000 + PAGE, 5000 - PAGE]]) {
    answers.shift()?.();
    await settled();
    assert.deepEqual(asked.slice(2), more);
  }
});

test("a page is asked for once", async () => {
  const { pages, asked } = counted(80);
  pages.want(0, 10);
  pages.want(0, 80);
  await settled();
  pages.want(0, 80);
  assert.deepEqual(asked, [0]);
});

test("memory stays bounded however far one scrolls", async () => {
  const { pages } = counted(1_000_000);
  pages.want(0, 10);
  await settled();
  for (let first = 0; first < 1_000_000; first += 10_000) {
    pages.want(first, first + 50);
    await settled();
    assert.equal(pages.row(first)?.at, first);
  }
  const kept = Array.from({ length: 10_000 }, (_, page) => pages.row(page * PAGE)).filter(Boolean);
  assert.ok(kept.length <= 24);
});

test("an error is reported, an empty list is no error", async () => {
  const failing = new Pages(async () => Promise.reject(new Error("gone")));
  failing.want(0, 10);
  await settled();
  assert.equal(failing.error?.message, "gone");
  const { pages, asked } = counted(0);
  pages.want(0, 10);
  await settled();
  pages.want(0, 0);
  assert.deepEqual([pages.total, asked.length], [0, 1]);
});
