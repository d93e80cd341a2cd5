// The unsaved edits of one Table, for the page that shows it.
import { useEffect, useMemo } from "react";
import { createStore, useStore } from "zustand";
import type { TableSource } from "../wire.ts";
import { type Edits, isEmpty, noEdits, redo, type Step, undo, withStep } from "./edits.ts";
import { onOtherWindow, readEdits, writeEdits } from "./kept.ts";

export interface EditDesk {
  edits: Edits;
  /** Whether what was kept has been read; before that nothing can be edited. */
  isReady: boolean;
  /** Whether the browser keeps nothing: edits are gone with the page. */
  isFleeting: boolean;
  add: (step: Step) => void;
  undo: () => void;
  redo: () => void;
  discard: () => void;
}

/** `tableId` says which revision the edits are of; null while it is not known. */
export function useEdits(table: TableSource | null, tableId: string | null): EditDesk | null {
  const store = useMemo(
    () => (table && tableId ? makeDesk(table, tableId) : null),
    // biome-ignore lint: the id says which table it is
    [tableId],
  );
  useEffect(() => {
    if (!store || !tableId) return;
    const load = () => void store.getState().load();
    load();
    return onOtherWindow(tableId, load);
  }, [store, tableId]);
  return useStore(store ?? NONE, (state) => (store ? state : null)) as EditDesk | null;
}

interface Desk extends EditDesk {
  load: () => Promise<void>;
}

const NONE = createStore<Desk | null>(() => null);

function makeDesk(table: TableSource, tableId: string) {
  return createStore<Desk>((set, get) => {
    let last: Promise<void> = Promise.resolve();
    const change = (edits: Edits) => {
      set({ edits });
      last = last
        .then(() => writeEdits(tableId, isEmpty(edits) ? null : edits))
        .catch(() => set({ isFleeting: true }));
    };
    return {
      edits: noEdits(table),
      isReady: false,
      isFleeting: false,
      add: (step) => change(withStep(get().edits, step)),
      undo: () => change(undo(get().edits)),
      redo: () => change(redo(get().edits)),
      discard: () => change(noEdits(table)),
      load: async () => {
        const before = get().edits;
        try {
          await last;
          const kept = (await readEdits(tableId)) ?? noEdits(table);
          // What was done meanwhile is on its way to the browser's database.
          set(get().edits === before ? { edits: kept, isReady: true } : { isReady: true });
        } catch {
          set({ isReady: true, isFleeting: true });
        }
      },
    };
  });
}
