import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook } from "@testing-library/react";
import { type KeyboardEvent, useState } from "react";
import { useCursor } from "./use-cursor.ts";

/** A grid of twelve samples, four in a row, whose ids are ten times their places. */
function render() {
  const opened: number[] = [];
  const { result } = renderHook(() => {
    const [selected, onSelect] = useState<ReadonlySet<number>>(new Set());
    const cursor = useCursor({
      count: 12,
      across: 4,
      rows: 2,
      idAt: (place) => 10 * place,
      idsOf: async (first, last) => Array.from({ length: last - first }, (_, at) => 10 * (first + at)),
      selected,
      onSelect,
      onOpen: (id) => opened.push(id),
      onShow: () => {},
    });
    return { cursor, selected };
  });
  const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
    act(async () => {
      result.current.cursor.onKeyDown({ key, preventDefault() {}, stopPropagation() {}, ...more } as KeyboardEvent);
    });
  return { result, press, opened };
}

test("the first arrow goes to the first sample, the next ones from there", async () => {
  const { result, press } = render();
  await press("ArrowDown");
  assert.equal(result.current.cursor.place, 0);
  await press("ArrowDown");
  await press("ArrowRight");
  assert.equal(result.current.cursor.place, 5);
});

test("space selects, enter opens, escape clears the selection", async () => {
  const { result, press, opened } = render();
  await press("ArrowDown");
  await press("ArrowRight");
  await press(" ");
  assert.deepEqual([...result.current.selected], [10]);
  await press("Enter");
  assert.deepEqual(opened, [10]);
  await press("Escape");
  assert.equal(result.current.selected.size, 0);
});

test("with shift arrows select every sample on the way", async () => {
  const { result, press } = render();
  await press("ArrowDown");
  await press("ArrowDown", { shiftKey: true });
  assert.deepEqual([...result.current.selected], [0, 10, 20, 30, 40]);
});

test("a click with control selects one more, with shift all from there", async () => {
  const { result } = render();
  const click = (place: number, more: object) =>
    act(async () => result.current.cursor.onClick(place, { shiftKey: false, ctrlKey: false, metaKey: false, ...more }));
  await click(2, { ctrlKey: true });
  await click(4, { shiftKey: true });
  assert.deepEqual([...result.current.selected], [20, 30, 40]);
});
