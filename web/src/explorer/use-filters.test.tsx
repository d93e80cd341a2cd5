import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook } from "@testing-library/react";
import { useQuery } from "../address/query.ts";
import type { Filter } from "../wire.ts";
import { lookParams } from "./look.ts";
import { useFilters } from "./use-filters.ts";

const range = (low: number): Filter => ({ kind: "range", column: "f1", low, high: null });

function render() {
  return renderHook(() => {
    const [look, setLook] = useQuery(lookParams);
    return useFilters(look.f, setLook);
  }).result;
}

test("a brush that still moves is shown, and stands in no address", () => {
  const filters = render();
  act(() => filters.current.setOne("f1", range(0.5), false));
  assert.deepEqual([filters.current.shown, filters.current.settled], [[range(0.5)], []]);
  assert.equal(filters.current.isMoving, true);
  assert.equal(window.location.search, "");
});

test("a brush that is let go of stands in the address, and can be undone", () => {
  const filters = render();
  act(() => filters.current.setOne("f1", range(0.5), false));
  act(() => filters.current.setOne("f1", range(0.6), true));
  assert.deepEqual(filters.current.settled, [range(0.6)]);
  assert.equal(filters.current.isMoving, false);
  act(() => filters.current.undo());
  assert.deepEqual([filters.current.settled, filters.current.canUndo], [[], false]);
});

test("undo goes back step by step", () => {
  const filters = render();
  for (const low of [0.1, 0.2, 0.3]) act(() => filters.current.set([range(low)]));
  act(() => filters.current.undo());
  assert.deepEqual(filters.current.settled, [range(0.2)]);
  act(() => filters.current.undo());
  assert.deepEqual(filters.current.settled, [range(0.1)]);
});
