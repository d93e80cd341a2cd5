// A view that follows the hand at once, and the address once the hand rests.
import { useCallback, useEffect, useRef, useState } from "react";
import { type Camera, WHOLE } from "./projection.ts";

const REST_MS = 300; // browsers refuse to change an address very often

/**
 * The view of a scatter, and how to change it.
 *
 * `written` is what the address says, `write` changes that; other `axes` are seen whole at first.
 */
export function useView(written: Camera, write: (view: Camera) => void, axes: string): [Camera, (view: Camera) => void] {
  const [view, setView] = useState(written);
  const rest = useRef(0);
  const latest = useRef(write);
  latest.current = write;
  const change = useCallback((next: Camera) => {
    setView(next);
    clearTimeout(rest.current);
    rest.current = window.setTimeout(() => latest.current(next), REST_MS);
  }, []);
  useEffect(() => setView(written), [written]);
  useEffect(() => () => clearTimeout(rest.current), []);
  const before = useRef(axes);
  useEffect(() => {
    if (before.current === axes) return;
    before.current = axes;
    change(WHOLE);
  }, [axes, change]);
  return [view, change];
}
