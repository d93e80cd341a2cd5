import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook } from "@testing-library/react";
import type { RunRow } from "../wire.ts";
import { useRunList } from "./use-run-list.ts";

const run = (name: string, lr: number) =>
  ({
    name, project: "p", status: "completed", description: "", notes: "", tags: [], created: `2026-01-0${lr}`,
    duration_s: 1, collections: 1, collection_failures: null, aggregates: [], parameters: { "training.initial_lr": lr },
  }) as unknown as RunRow;
const runs = [run("first", 1), run("second", 2), run("third", 3)];

const render = () => renderHook(() => useRunList("p", runs)).result;
const names = (list: ReturnType<typeof render>) => list.current.groups.flatMap((group) => group.runs.map(({ name }) => name));

test("the youngest run is first, and the same column twice turns the order", () => {
  const list = render();
  assert.deepEqual(names(list), ["third", "second", "first"]);
  act(() => list.current.sortBy("p:training.initial_lr"));
  assert.deepEqual(names(list), ["third", "second", "first"]);
  act(() => list.current.sortBy("p:training.initial_lr"));
  assert.deepEqual(names(list), ["first", "second", "third"]);
});

test("a hidden run is away until hidden runs are shown", () => {
  const list = render();
  act(() => list.current.hide("second", true));
  assert.deepEqual(names(list), ["third", "first"]);
  act(() => list.current.set({ hidden: true }));
  assert.deepEqual(names(list), ["third", "second", "first"]);
});

test("selected runs stand in the address, and two of them can be compared", () => {
  const list = render();
  act(() => list.current.select(["first"], true));
  act(() => list.current.compare());
  assert.ok(!window.location.search.includes("runs="));
  act(() => list.current.select(["third"], true));
  act(() => list.current.compare());
  assert.equal(new URLSearchParams(window.location.search).get("runs"), "first,third");
});

test("columns are remembered in this browser until the usual ones are wanted again", () => {
  const list = render();
  const usual = list.current.columns;
  act(() => list.current.setColumns(["status"]));
  assert.deepEqual(render().current.columns, ["status"]);
  act(() => list.current.setColumns(null));
  assert.deepEqual(render().current.columns, usual);
});
