// The unsaved edits of one Table, for the pages and parts of pages that show it.
import { useEffect, useMemo } from "react";
import { createStore, useStore } from "zustand";
import type { TableSource } from "../wire.ts";
import { type Edits, isEmpty, noEdits, redo, type Step, undo, withoutSteps, withStep } from "./edits.ts";
import { changeEdits, onOtherWindow, readEdits } from "./edit-storage.ts";

export interface EditSession {
  edits: Edits;
  /** Whether what was kept has been read; before that nothing can be edited. */
  isReady: boolean;
  /** Whether the browser keeps nothing: edits are gone with the page. */
  isVolatile: boolean;
  /** Whether some are on their way to the browser's database. */
  isWriting: boolean;
  add: (step: Step) => void;
  undo: () => void;
  redo: () => void;
  discard: () => void;
  /** Lets go of steps that are in a revision now; those that another window has added stay. */
  committed: (steps: readonly Step[]) => void;
}

/** `tableId` says which revision the edits are of; null while it is not known. */
export function useEdits(table: TableSource | null, tableId: string | null): EditSession | null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id says which table it is
  const store = useMemo(
    () => (table && tableId ? sessionOf(table, tableId) : null),
    [tableId],
  );
  useEffect(() => {
    if (!store || !tableId) return;
    const load = () => void store.getState().load();
    load();
    return onOtherWindow(tableId, load);
  }, [store, tableId]);
  return useStore(store ?? NONE, (state) => (store ? state : null)) as EditSession | null;
}

interface LoadableSession extends EditSession {
  load: () => Promise<void>;
}

type SessionStore = ReturnType<typeof createSession>;

const NONE = createStore<LoadableSession | null>(() => null);

/** One for each Table of this window, so that all parts of a page see the same edits. */
const SESSIONS = new Map<string, SessionStore>();

function sessionOf(table: TableSource, tableId: string): SessionStore {
  const session = SESSIONS.get(tableId) ?? createSession(table, tableId);
  SESSIONS.set(tableId, session);
  return session;
}

type Change = (edits: Edits) => Edits;

function createSession(table: TableSource, tableId: string) {
  return createStore<LoadableSession>((set, get) => {
    let last: Promise<void> = Promise.resolve();
    // Shown already, and on their way to the browser's database.
    const waiting: Change[] = [];
    const show = (kept: Edits | null) =>
      set({ edits: waiting.reduce((edits, change) => change(edits), kept ?? noEdits(table)) });
    const change = (next: Change) => {
      waiting.push(next);
      set({ edits: next(get().edits), isWriting: true });
      last = last.then(async () => {
        try {
          const kept = await changeEdits(tableId, (before) => {
            const edits = next(before ?? noEdits(table));
            return isEmpty(edits) ? null : edits;
          });
          waiting.shift();
          if (!get().isVolatile) show(kept);
        } catch {
          waiting.shift();
          set({ isVolatile: true });
        }
        set({ isWriting: waiting.length > 0 });
      });
    };
    return {
      edits: noEdits(table),
      isReady: false,
      isVolatile: false,
      isWriting: false,
      add: (step) => change((edits) => withStep(edits, step)),
      undo: () => change(undo),
      redo: () => change(redo),
      discard: () => change(() => noEdits(table)),
      committed: (steps) => change((edits) => withoutSteps(edits, steps)),
      load: async () => {
        try {
          await last;
          show(await readEdits(tableId));
          set({ isReady: true });
        } catch {
          set({ isReady: true, isVolatile: true });
        }
      },
    };
  });
}
