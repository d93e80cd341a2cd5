// Which of very many rows are on the screen. Browsers cannot make an element taller than some 16
// million pixels, so a taller list is scrolled in a shorter one: small movements are exact, the
// scrollbar jumps in proportion, and when scrolling rests both places are brought into line.

/** A list longer than this is scrolled in a shorter element, pixels. */
export const TALLEST = 8_000_000;

export interface ScrollPlace {
  /** `scrollTop` of the element. */
  scrolled: number;
  /** Pixels from the top of the list to the top of the window. */
  top: number;
}

export interface Heights {
  /** Of all rows together. */
  list: number;
  /** Of the window. */
  window: number;
}

/** Height of the element that is scrolled. */
export function elementHeight(list: number): number {
  return Math.min(list, TALLEST);
}

/** The place after the element was scrolled by a person. */
export function afterScroll(before: ScrollPlace, scrolled: number, heights: Heights): ScrollPlace {
  const { list, window } = heights;
  const by = scrolled - before.scrolled;
  const end = Math.max(0, list - window);
  if (list <= TALLEST) return { scrolled, top: Math.max(0, Math.min(scrolled, end)) };
  const isAtEnd = scrolled <= 0 || scrolled >= TALLEST - window - 1;
  if (Math.abs(by) > 3 * window || isAtEnd) return { scrolled, top: proportion(scrolled, heights) };
  return { scrolled, top: Math.max(0, Math.min(before.top + by, end)) };
}

/** The place at which the window shows the list from `top` on. */
export function placeAt(top: number, heights: Heights): ScrollPlace {
  const { list, window } = heights;
  const end = Math.max(0, list - window);
  const at = Math.max(0, Math.min(top, end));
  if (list <= TALLEST) return { scrolled: at, top: at };
  return { scrolled: Math.round((at / end) * (TALLEST - window)), top: at };
}

function proportion(scrolled: number, { list, window }: Heights): number {
  const share = Math.max(0, Math.min(1, scrolled / (TALLEST - window - 1)));
  return share * (list - window);
}

/** First and last row (not included) to draw, with some above and below. */
export function visibleRows(
  top: number,
  window: number,
  rowHeight: number,
  rows: number,
  extra: number,
): [number, number] {
  const first = Math.floor(top / rowHeight) - extra;
  const last = Math.ceil((top + window) / rowHeight) + extra;
  return [Math.max(0, Math.min(first, rows)), Math.max(0, Math.min(last, rows))];
}

/** Where the list must begin so that a row is seen whole; null if it is. */
export function topToShow(row: number, top: number, window: number, rowHeight: number): number | null {
  if (row * rowHeight < top) return row * rowHeight;
  if ((row + 1) * rowHeight > top + window) return (row + 1) * rowHeight - window;
  return null;
}
