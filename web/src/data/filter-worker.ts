// The worker's side: an engine for each source, the last few of them kept.
import { rows } from "../api.ts";
import type { Column, Filter, Source } from "../wire.ts";
import { FilterEngine, type FilterResult, type Backend } from "./filter-engine.ts";

export type WorkerRequest =
  | { what: "columns"; key: string; source: Source; names: string[] }
  | { what: "totals"; key: string; source: Source; columns: Column[] }
  | { what: "select"; key: string; source: Source; filters: Filter[]; columns: Column[]; preview: boolean };

const KEPT_ENGINES = 3;
const engines = new Map<string, FilterEngine>();

const backend: Backend = {
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

function engineOf(key: string, source: Source): FilterEngine {
  const engine = engines.get(key) ?? new FilterEngine(source, backend);
  engines.delete(key);
  engines.set(key, engine);
  for (const old of engines.keys()) {
    if (engines.size <= KEPT_ENGINES) break;
    engines.delete(old);
  }
  return engine;
}

async function answer(request: WorkerRequest): Promise<unknown> {
  const engine = engineOf(request.key, request.source);
  if (request.what === "totals") return engine.totals(request.columns);
  if (request.what === "select") return engine.select(request.filters, request.columns, request.preview);
  return { ...(await engine.columns(request.names)), example_id: engine.exampleIds };
}

/** Memory that the page may have for itself: a mask is made anew for each question. */
function transferables(request: WorkerRequest, found: unknown): Transferable[] {
  if (request.what !== "select") return [];
  const { mask } = found as FilterResult;
  return mask ? [mask.buffer as ArrayBuffer] : [];
}

self.onmessage = async ({ data }: MessageEvent<{ id: number; request: WorkerRequest }>) => {
  try {
    const found = await answer(data.request);
    postMessage({ id: data.id, answer: found }, { transfer: transferables(data.request, found) });
  } catch (error) {
    const { name, message } = error as Error;
    const hint = (error as { hint?: string | null }).hint ?? null;
    postMessage({ id: data.id, problem: { title: name, detail: message, hint } });
  }
};
