// A place in a list that keys and clicks move, and the samples that were selected there.
import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { moveOf } from "./moves.ts";

interface CursorProps {
  count: number;
  /** Samples in a row of the grid; 1 in a table. */
  across: number;
  /** Rows of the window, for page up and down. */
  rows: number;
  idAt: (place: number) => number | null;
  /** Ids of a stretch of the list, some of it perhaps not loaded. */
  idsOf: (first: number, last: number) => Promise<number[]>;
  selected: ReadonlySet<number>;
  onSelect: (selected: ReadonlySet<number>) => void;
  onOpen: (id: number) => void;
  onShow: (place: number) => void;
}

export interface Modifiers {
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export interface Cursor {
  /** Null until a key or a click has set it. */
  place: number | null;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: (place: number, event: Modifiers) => void;
  /** Moves by letters (`j`, `k`), which the page hands on as shortcuts. */
  move: (by: number) => void;
  reset: () => void;
}

export function useCursor(props: CursorProps): Cursor {
  const [place, setPlace] = useState<number | null>(null);
  const anchor = useRef<number | null>(null);
  const latest = useRef({ ...props, place });
  latest.current = { ...props, place };

  const go = useCallback((to: number) => {
    const { count, onShow } = latest.current;
    const next = Math.max(0, Math.min(to, count - 1));
    if (count === 0) return;
    setPlace(next);
    latest.current.place = next;
    onShow(next);
  }, []);

  const selectTo = useCallback(async (to: number) => {
    const { idsOf, onSelect, selected } = latest.current;
    anchor.current ??= latest.current.place ?? to;
    const ids = await idsOf(Math.min(anchor.current, to), Math.max(anchor.current, to) + 1);
    onSelect(new Set([...selected, ...ids]));
  }, []);

  const toggle = useCallback((at: number) => {
    const { idAt, selected, onSelect } = latest.current;
    const id = idAt(at);
    if (id === null) return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    anchor.current = at;
    onSelect(next);
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const { across, rows, count, idAt, onOpen, onSelect } = latest.current;
    const now = latest.current.place;
    const by = moveOf(event, { place: now, across, rows, count });
    if (by !== null) {
      // The first arrow goes to the first sample; the end is the end from the beginning on.
      const to = now === null ? (event.key.startsWith("Arrow") ? 0 : by) : now + by;
      if (event.shiftKey) void selectTo(Math.max(0, Math.min(to, count - 1)));
      else anchor.current = null;
      go(to);
    } else if (event.key === "Enter" && now !== null) {
      const id = idAt(now);
      if (id !== null) onOpen(id);
    } else if (event.key === " ") {
      if (now === null) go(0);
      toggle(latest.current.place ?? 0);
    } else if (event.key === "Escape" && latest.current.selected.size) {
      onSelect(new Set());
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (at: number, event: Modifiers) => {
    if (event.shiftKey) void selectTo(at);
    else if (event.ctrlKey || event.metaKey) toggle(at);
    else anchor.current = at;
    go(at);
  };

  const move = useCallback(
    (by: number) => go(latest.current.place === null ? 0 : latest.current.place + by),
    [go],
  );
  const reset = useCallback(() => {
    anchor.current = null;
    setPlace(null);
  }, []);
  return { place, onKeyDown, onClick, move, reset };
}
