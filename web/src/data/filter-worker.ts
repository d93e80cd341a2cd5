// The worker's side: a desk for each source that is looked at, one at a time kept with the last.
import { rows } from "../api.ts";
import type { Column, Filter, Source } from "../wire.ts";
import { Desk, type Selected, type Supply } from "./filter-engine.ts";

export type Ask =
  | { what: "columns"; key: string; source: Source; names: string[] }
  | { what: "totals"; key: string; source: Source; columns: Column[] }
  | { what: "select"; key: string; source: Source; filters: Filter[]; columns: Column[]; preview: boolean };

const KEPT_DESKS = 3;
const desks = new Map<string, Desk>();

const supply: Supply = {
  columns: async (source, columns) => {
    const table = await rows("/api/columns", { source, columns });
    return Object.fromEntries(
      table.names.map((name) => [name, table.getChild(name).toArray() as ArrayLike<number>]),
    );
  },
  ids: async (source, filter) => {
    const table = await rows("/api/ids", { source, filters: [filter] });
    return table.getChild("example_id").toArray() as ArrayLike<number>;
  },
};

function deskOf(key: string, source: Source): Desk {
  const desk = desks.get(key) ?? new Desk(source, supply);
  desks.delete(key);
  desks.set(key, desk);
  for (const old of desks.keys()) {
    if (desks.size <= KEPT_DESKS) break;
    desks.delete(old);
  }
  return desk;
}

async function answer(ask: Ask): Promise<unknown> {
  const desk = deskOf(ask.key, ask.source);
  if (ask.what === "totals") return desk.totals(ask.columns);
  if (ask.what === "select") return desk.select(ask.filters, ask.columns, ask.preview);
  return { ...(await desk.columns(ask.names)), example_id: desk.exampleIds };
}

/** Memory that the page may have for itself: a mask is made anew for each question. */
function given(ask: Ask, found: unknown): Transferable[] {
  if (ask.what !== "select") return [];
  const { mask } = found as Selected;
  return mask ? [mask.buffer as ArrayBuffer] : [];
}

self.onmessage = async ({ data }: MessageEvent<{ id: number; ask: Ask }>) => {
  try {
    const found = await answer(data.ask);
    postMessage({ id: data.id, answer: found }, { transfer: given(data.ask, found) });
  } catch (error) {
    const { name, message } = error as Error;
    const hint = (error as { hint?: string | null }).hint ?? null;
    postMessage({ id: data.id, problem: { title: name, detail: message, hint } });
  }
};
