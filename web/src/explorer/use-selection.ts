// Samples that are selected by hand: in the list, or as points of the scatter.
import { useCallback, useEffect, useMemo, useState } from "react";

export interface HandSelection {
  selected: ReadonlySet<number>;
  select: (selected: ReadonlySet<number>) => void;
  /** A point was clicked; with shift or control it is one more, or one less. */
  click: (id: number, event: { shiftKey: boolean; ctrlKey: boolean }) => void;
  /** The sample that the cursor or the pointer is on. */
  setActive: (id: number | null) => void;
  /** Samples to draw a ring around. */
  ringed: readonly number[];
}

/** Rings are drawn one by one. */
const MOST_RINGS = 300;
const NOTHING: ReadonlySet<number> = new Set();

/** Another `filtersKey` ends it: what was selected among other samples is not what one sees. */
export function useSelection(filtersKey: string): HandSelection {
  const [selected, select] = useState<ReadonlySet<number>>(NOTHING);
  const [active, setActive] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it ends with the filters that it was made under
  useEffect(() => select(NOTHING), [filtersKey]);
  const click = useCallback<HandSelection["click"]>(
    (id, { shiftKey, ctrlKey }) => select((before) => toggleSelected(before, id, shiftKey || ctrlKey)),
    [],
  );
  const ringed = useMemo(
    () => [...new Set([...[...selected].slice(0, MOST_RINGS), ...(active === null ? [] : [active])])],
    [selected, active],
  );
  return { selected, select, click, setActive, ringed };
}

function toggleSelected(before: ReadonlySet<number>, id: number, adds: boolean): ReadonlySet<number> {
  if (!adds) return before.size === 1 && before.has(id) ? NOTHING : new Set([id]);
  const next = new Set(before);
  if (!next.delete(id)) next.add(id);
  return next;
}
