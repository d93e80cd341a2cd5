import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook } from "@testing-library/react";
import { useSelection } from "./use-selection.ts";

const PLAIN = { shiftKey: false, ctrlKey: false };
const SHIFT = { shiftKey: true, ctrlKey: false };

test("a click selects one sample, a second click on it none", () => {
  const { result } = renderHook(() => useSelection(""));
  act(() => result.current.click(3, PLAIN));
  act(() => result.current.click(5, PLAIN));
  assert.deepEqual([...result.current.selected], [5]);
  act(() => result.current.click(5, PLAIN));
  assert.deepEqual([...result.current.selected], []);
});

test("with shift a sample joins the others, or leaves them", () => {
  const { result } = renderHook(() => useSelection(""));
  for (const id of [3, 5, 7, 5]) act(() => result.current.click(id, SHIFT));
  assert.deepEqual([...result.current.selected], [3, 7]);
});

test("other filters end the selection", () => {
  const { result, rerender } = renderHook(({ key }) => useSelection(key), { initialProps: { key: "f1(0.5)" } });
  act(() => result.current.select(new Set([1, 2])));
  rerender({ key: "f1(0.6)" });
  assert.equal(result.current.selected.size, 0);
});

test("rings are around selected samples and the one under the cursor, never around very many", () => {
  const { result } = renderHook(() => useSelection(""));
  act(() => result.current.setActive(9));
  act(() => result.current.select(new Set([1, 9])));
  assert.deepEqual(result.current.ringed, [1, 9]);
  act(() => result.current.select(new Set(Array.from({ length: 5000 }, (_, id) => id))));
  assert.ok(result.current.ringed.length <= 301);
});
