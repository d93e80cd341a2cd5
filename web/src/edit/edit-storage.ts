// Unsaved edits in the browser's own database, by the id of their Table: they survive a reload.
import type { Edits } from "./edits.ts";

const NAME = "samplewise";
const STORE = "edits";
const WINDOW = Math.random().toString(36);

/** What a Table's edits were; null if there are none, or if the browser keeps nothing. */
export async function readEdits(tableId: string): Promise<Edits | null> {
  return runTransaction("readonly", (store, done) => {
    store.get(tableId).onsuccess = ({ target }) => done(resultOf(target));
  });
}

/**
 * Makes something else of what is kept, and returns it; nobody gets in between, so that no window
 * overwrites what another one did a moment ago. Null is no edits. Other windows hear of it.
 */
export async function changeEdits(tableId: string, change: (kept: Edits | null) => Edits | null): Promise<Edits | null> {
  const changed = await runTransaction("readwrite", (store, done) => {
    store.get(tableId).onsuccess = ({ target }) => {
      const next = change(resultOf(target));
      if (next) store.put(next, tableId);
      else store.delete(tableId);
      done(next);
    };
  });
  const notified = channel();
  notified?.postMessage({ tableId, from: WINDOW });
  notified?.close();
  return changed;
}

/** Calls back when another window has changed edits of a Table. */
export function onOtherWindow(tableId: string, changed: () => void): () => void {
  const listening = channel();
  if (!listening) return () => {};
  listening.onmessage = ({ data }: MessageEvent<{ tableId: string; from: string }>) => {
    if (data.tableId === tableId && data.from !== WINDOW) changed();
  };
  return () => listening.close();
}

function channel(): BroadcastChannel | null {
  return typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(`${NAME}-${STORE}`);
}

let opened: Promise<IDBDatabase> | null = null;

/** Opened once: what is edited just before a page goes should be written by then. */
function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    const forget = () => {
      opened = null;
    };
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => {
      const database = opening.result;
      database.onclose = forget;
      database.onversionchange = () => {
        forget();
        database.close();
      };
      resolve(database);
    };
    opening.onerror = () => {
      forget();
      reject(opening.error);
    };
  });
  return opened;
}

type Ask = (store: IDBObjectStore, done: (edits: Edits | null) => void) => void;

/** What `ask` is done with, once its transaction is complete. */
async function runTransaction(mode: IDBTransactionMode, ask: Ask): Promise<Edits | null> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    let found: Edits | null = null;
    ask(transaction.objectStore(STORE), (edits) => {
      found = edits;
    });
    transaction.oncomplete = () => resolve(found);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const resultOf = (target: EventTarget | null) => ((target as IDBRequest).result as Edits | undefined) ?? null;
