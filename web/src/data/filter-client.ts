// The page's side of the filter engine: asks its worker.
import { ApiError } from "../api.ts";
import type { Column, Filter, Problem, Source } from "../wire.ts";
import type { FilterResult } from "./filter-engine.ts";
import type { WorkerRequest } from "./filter-worker.ts";

type Numbers = Float32Array | Float64Array | Int32Array;
interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

export class FilterClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor() {
    this.#worker = new Worker(new URL("./filter-worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#settle(data);
  }

  columns(key: string, source: Source, names: string[]): Promise<Record<string, Numbers>> {
    return this.#request({ what: "columns", key, source, names });
  }

  totals(key: string, source: Source, columns: Column[]): Promise<Record<string, Uint32Array>> {
    return this.#request({ what: "totals", key, source, columns });
  }

  select(
    key: string,
    source: Source,
    filters: Filter[],
    columns: Column[],
    preview: boolean,
  ): Promise<FilterResult> {
    return this.#request({ what: "select", key, source, filters, columns, preview });
  }

  close(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #request<T>(request: WorkerRequest): Promise<T> {
    const id = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #settle({ id, answer, problem }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (problem) waiting?.reject(new ApiError(0, problem, null));
    else waiting?.resolve(answer as never);
  }
}

interface Answer {
  id: number;
  answer?: unknown;
  problem?: Problem;
}
