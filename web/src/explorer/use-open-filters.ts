// Which filters are unfolded: those that a person opened, and at first those that say the most.
import { useCallback, useMemo, useState } from "react";
import { binsOf } from "../data/bins.ts";
import type { Column, SourceInfo } from "../wire.ts";
import { filterables, openAtFirst } from "./filterables.ts";

export interface OpenFilters {
  /** Their slots. */
  open: ReadonlySet<string>;
  setOpen: (slot: string, isOpen: boolean) => void;
  /** Columns whose values are counted: only what is seen. */
  counted: Column[];
}

export function useOpenFilters(info: SourceInfo): OpenFilters {
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  const columnsKey = info.columns.map(({ name }) => name).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is open at first depends on which columns there are
  const open = useMemo(() => {
    const first = new Set(openAtFirst(info));
    return new Set(filterables(info).map(({ slot }) => slot).filter((slot) => opened[slot] ?? first.has(slot)));
  }, [columnsKey, opened]);
  const counted = useMemo(
    () => info.columns.filter((column) => open.has(column.name) && binsOf(column) !== null),
    [info, open],
  );
  const setOpen = useCallback(
    (slot: string, isOpen: boolean) => setOpened((before) => ({ ...before, [slot]: isOpen })),
    [],
  );
  return { open, setOpen, counted };
}
