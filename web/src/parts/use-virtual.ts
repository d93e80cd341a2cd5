// The rows of a long list that are on the screen, for a grid and for a table.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { afterScroll, elementHeight, type ScrollPlace, placeAt, topToShow, visibleRows } from "./virtual.ts";

interface VirtualProps {
  element: RefObject<HTMLDivElement | null>;
  rows: number;
  rowHeight: number;
  /** Height of the window, pixels. */
  window: number;
  /** Another key begins at the top again. */
  listKey: unknown;
}

export interface Virtual {
  first: number;
  last: number;
  /** Height of the scrolled element. */
  height: number;
  /** Pixels from the top of the scrolled element to a row. */
  offsetOf: (row: number) => number;
  show: (row: number) => void;
}

const REST_MS = 160;

export function useVirtual({ element, rows, rowHeight, window: height, listKey }: VirtualProps): Virtual {
  const [place, setPlace] = useState<ScrollPlace>({ scrolled: 0, top: 0 });
  const latest = useRef(place);
  latest.current = place;
  const list = rows * rowHeight;
  const heights = { list, window: height };
  const measured = useRef(heights);
  measured.current = heights;

  const put = useCallback(
    (next: ScrollPlace) => {
      latest.current = next;
      setPlace(next);
      if (element.current) element.current.scrollTop = next.scrolled;
    },
    [element],
  );

  useEffect(() => {
    const scrolled = element.current;
    let rest: ReturnType<typeof setTimeout>;
    const onScroll = () => {
      if (!scrolled || scrolled.scrollTop === latest.current.scrolled) return;
      const next = afterScroll(latest.current, scrolled.scrollTop, measured.current);
      latest.current = next;
      setPlace(next);
      clearTimeout(rest);
      rest = setTimeout(() => {
        const rested = placeAt(latest.current.top, measured.current);
        if (rested.scrolled !== latest.current.scrolled) put(rested);
      }, REST_MS);
    };
    scrolled?.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(rest);
      scrolled?.removeEventListener("scroll", onScroll);
    };
  }, [element, put]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at the top
  useLayoutEffect(() => put({ scrolled: 0, top: 0 }), [listKey, put]);

  // Larger or smaller rows keep the row that is on top.
  const before = useRef(rowHeight);
  useLayoutEffect(() => {
    if (before.current === rowHeight) return;
    const top = (latest.current.top / before.current) * rowHeight;
    before.current = rowHeight;
    put(placeAt(top, measured.current));
  }, [rowHeight, put]);

  const show = useCallback(
    (row: number) => {
      const top = topToShow(row, latest.current.top, measured.current.window, rowHeight);
      if (top !== null) put(placeAt(top, measured.current));
    },
    [rowHeight, put],
  );
  const [first, last] = visibleRows(place.top, height, rowHeight, rows, 2);
  return {
    first,
    last,
    height: elementHeight(list),
    offsetOf: (row) => place.scrolled + (row * rowHeight - place.top),
    show,
  };
}
