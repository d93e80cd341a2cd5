// Unsaved edits in the browser's own database, by the id of their Table: they survive a reload.
import type { Edits } from "./edits.ts";

const NAME = "samplewise";
const STORE = "edits";
const WINDOW = Math.random().toString(36);

/** What a Table's edits were; null if there are none, or if the browser keeps nothing. */
export async function readEdits(tableId: string): Promise<Edits | null> {
  return ((await request("readonly", (store) => store.get(tableId))) as Edits | undefined) ?? null;
}

/** Null forgets them. Other windows are told. */
export async function writeEdits(tableId: string, edits: Edits | null): Promise<void> {
  await request("readwrite", (store) => (edits ? store.put(edits, tableId) : store.delete(tableId)));
  const told = channel();
  told?.postMessage({ tableId, from: WINDOW });
  told?.close();
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

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

async function request(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
