import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { TableSource } from "../wire.ts";
import { editedNow, type Step } from "./edits.ts";
import { useEdits } from "./use-edits.ts";

const table: TableSource = { kind: "table", project: "p", dataset: "d", table: "t" };
const step = (id: number): Step => ({
  title: `sample ${id}`,
  changes: [{ example_id: id, column: "weight", before: 1, after: 2 }],
  deleted: [],
  restored: [],
});

/** Two parts of a page that show the edits of one Table, in a browser that keeps nothing. */
async function render(id: string) {
  const [one, other] = [renderHook(() => useEdits(table, id)), renderHook(() => useEdits(table, id))];
  await waitFor(() => assert.ok(one.result.current?.isReady));
  return { one: one.result, other: other.result };
}

test("two parts of a page see the same edits", async () => {
  const { one, other } = await render("both");
  await act(async () => one.current?.add(step(4)));
  assert.deepEqual(other.current && [...editedNow(other.current.edits)], [4]);
});

test("a step is undone and done again; after another step it is not there any more", async () => {
  const { one } = await render("undo");
  await act(async () => one.current?.add(step(1)));
  await act(async () => one.current?.undo());
  assert.equal(one.current?.edits.done.length, 0);
  await act(async () => one.current?.redo());
  assert.equal(one.current?.edits.done.length, 1);
  await act(async () => one.current?.undo());
  await act(async () => one.current?.add(step(2)));
  assert.deepEqual([one.current?.edits.done.length, one.current?.edits.undone.length], [1, 0]);
});

test("without a database edits go on, and it is said that a reload loses them", async () => {
  const { one } = await render("volatile");
  await act(async () => one.current?.add(step(1)));
  await waitFor(() => assert.equal(one.current?.isVolatile, true));
  assert.equal(one.current?.edits.done.length, 1);
});

test("what is committed goes, what was added meanwhile stays", async () => {
  const { one } = await render("commit");
  await act(async () => one.current?.add(step(1)));
  const made = one.current?.edits.done ?? [];
  await act(async () => one.current?.add(step(2)));
  await act(async () => one.current?.committed(made));
  assert.deepEqual(one.current && [...editedNow(one.current.edits)], [2]);
});
