// Rows of the server, page by page: what was seen last stays, the rest is forgotten.

export type Row = Record<string, unknown>;

export interface Page {
  rows: Row[];
  /** How many rows there are in all. */
  total: number;
}

export type LoadPage = (offset: number, limit: number, signal: AbortSignal) => Promise<Page>;

export const PAGE = 100;
const KEPT = 24;

/** Rows of one list, in its order. Tells its listeners when some have come. */
export class Pages {
  /** Null until the first page is there. */
  total: number | null = null;
  error: Error | null = null;
  readonly #load: LoadPage;
  readonly #pages = new Map<number, Row[]>();
  readonly #loading = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();
  #beside: number[] = [];
  #version = 0;

  constructor(load: LoadPage) {
    this.#load = load;
  }

  /** Changes whenever rows have come: for `useSyncExternalStore`. */
  version = (): number => this.#version;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The row at a place, if its page is there. */
  row(place: number): Row | null {
    return this.#pages.get(Math.floor(place / PAGE))?.[place % PAGE] ?? null;
  }

  /** Asks for the pages of some rows, and for those beside them once these are there. */
  want(first: number, last: number): void {
    const from = Math.floor(first / PAGE);
    const to = Math.floor(Math.max(first, last - 1) / PAGE);
    for (const page of this.#loading.keys()) {
      if (page < from - 2 || page > to + 2) this.#loading.get(page)?.abort();
    }
    for (let page = from; page <= to; page++) this.#want(page, true);
    this.#beside = [to + 1, from - 1];
    this.#goOn();
  }

  /** Stops what is on its way. */
  close(): void {
    for (const controller of this.#loading.values()) controller.abort();
  }

  /** Nothing that is only likely to be wanted keeps what is on the screen waiting. */
  #goOn(): void {
    for (const page of this.#beside) {
      if (this.#loading.size) return;
      this.#want(page, false);
    }
  }

  #want(page: number, urgent: boolean): void {
    const known = this.#pages.get(page);
    if (known) {
      if (urgent) {
        this.#pages.delete(page);
        this.#pages.set(page, known);
      }
      return;
    }
    const isOutside = page < 0 || (this.total === null ? page > 0 : page * PAGE >= Math.max(1, this.total));
    if (isOutside || this.#loading.has(page)) return;
    const controller = new AbortController();
    this.#loading.set(page, controller);
    this.#load(page * PAGE, PAGE, controller.signal).then(
      ({ rows, total }) => {
        this.#loading.delete(page);
        this.#keep(page, rows);
        this.total = total;
        this.error = null;
        this.#tell();
        this.#goOn();
      },
      (error: Error) => {
        this.#loading.delete(page);
        if (controller.signal.aborted) return this.#goOn();
        this.error = error;
        this.#tell();
      },
    );
  }

  #keep(page: number, rows: Row[]): void {
    this.#pages.set(page, rows);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break;
      this.#pages.delete(old);
    }
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
