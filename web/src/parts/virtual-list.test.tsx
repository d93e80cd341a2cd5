import assert from "node:assert/strict";
import { test } from "node:test";
import { setSize } from "../../test/dom.ts";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { VirtualList } from "./virtual-list.tsx";

function List({ rows, listKey = 0, onRows }: { rows: number; listKey?: unknown; onRows?: (first: number, last: number) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <VirtualList label="Rows" scroller={scroller} rows={rows} rowHeight={50} listKey={listKey} onRows={onRows}>
      {(row) => <p>row {row}</p>}
    </VirtualList>
  );
}

const shown = () => screen.getAllByText(/^row \d+$/).map(({ textContent }) => Number(textContent?.slice(4)));
const scrollTo = (top: number) => {
  const list = screen.getByRole("region", { name: "Rows" });
  list.scrollTop = top;
  act(() => void fireEvent.scroll(list));
};

test("of a million rows only those on the screen are there, and a few beside them", () => {
  setSize(300, 200);
  render(<List rows={1_000_000} />);
  assert.deepEqual(shown(), [0, 1, 2, 3, 4, 5]);
  scrollTo(500);
  assert.deepEqual(shown(), [8, 9, 10, 11, 12, 13, 14, 15]);
});

test("another list begins at the top", () => {
  setSize(300, 200);
  const { rerender } = render(<List rows={500} listKey="one" />);
  scrollTo(5000);
  rerender(<List rows={500} listKey="two" />);
  assert.equal(shown()[0], 0);
});

test("who loads rows learns which ones are drawn", () => {
  setSize(300, 200);
  const asked: [number, number][] = [];
  const onRows = (first: number, last: number) => void asked.push([first, last]);
  render(<List rows={500} onRows={onRows} />);
  scrollTo(5000);
  assert.deepEqual(asked.at(-1), [98, 106]);
});
