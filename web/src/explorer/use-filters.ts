// The filters in the address, those of a brush that still moves, and the way back.
import { useCallback, useRef, useState } from "react";
import { withFilter } from "../filters/slots.ts";
import type { Filter, Sort } from "../wire.ts";
import type { SetLook } from "./look.ts";

export interface Filters {
  /** What holds: on the server, in the address. */
  settled: Filter[];
  /** What is shown: with the brush where it is now. */
  shown: Filter[];
  isMoving: boolean;
  canUndo: boolean;
  set: (filters: Filter[], sort?: Sort[]) => void;
  setOne: (slot: string, filter: Filter | null, done: boolean) => void;
  undo: () => void;
}

const MOST_STEPS = 100;

export function useFilters(settled: Filter[], setLook: SetLook): Filters {
  const [draft, setDraft] = useState<Filter[] | null>(null);
  const [past, setPast] = useState<Filter[][]>([]);
  const latest = useRef(settled);
  latest.current = settled;

  const set = useCallback(
    (filters: Filter[], sort?: Sort[]) => {
      setPast((before) => [...before.slice(1 - MOST_STEPS), latest.current]);
      setDraft(null);
      setLook(sort ? { f: filters, sort } : { f: filters }, "push");
    },
    [setLook],
  );
  const setOne = useCallback(
    (slot: string, filter: Filter | null, done: boolean) => {
      const next = withFilter(latest.current, slot, filter);
      if (done) set(next);
      else setDraft(next);
    },
    [set],
  );
  const undo = useCallback(() => {
    const before = past.at(-1);
    if (!before) return;
    setPast(past.slice(0, -1));
    setLook({ f: before }, "push");
  }, [past, setLook]);
  return { settled, shown: draft ?? settled, isMoving: draft !== null, canUndo: past.length > 0, set, setOne, undo };
}
