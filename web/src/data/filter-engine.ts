// The columns of one source, its filters and its histograms; lives in a worker, off the page.
import { both } from "../filters/all.ts";
import { isJoint, joinFilters } from "../filters/joining.ts";
import { partsOf } from "../filters/kinds.ts";
import { columnsOf, isDrawn, maskFromParts } from "../filters/masks.ts";
import { maskOfIds } from "../filters/rows.ts";
import { slotOf } from "../filters/slots.ts";
import type { Column, Filter, Source } from "../wire.ts";
import { assignBins, binsOf } from "./bins.ts";
import { Crossfilter, countOf } from "./crossfilter.ts";

/** How the engine gets what it does not have. */
export interface Backend {
  /** Columns of the source by name, and `example_id`. */
  columns: (source: Source, names: string[]) => Promise<Record<string, ArrayLike<number>>>;
  /** Ids of the samples that one filter takes, exactly. */
  ids: (source: Source, filter: Filter) => Promise<ArrayLike<number>>;
}

/** What the filters select, and the counts by bin of what all other filters take. */
export interface FilterResult {
  count: number;
  /** 1 for selected; null if all are. */
  mask: Uint8Array | null;
  /** Counts by name of the column; the last one is of missing values. */
  counts: Record<string, Uint32Array>;
}

const KEPT_MASKS = 24;

export class FilterEngine {
  readonly source: Source;
  readonly #supply: Backend;
  readonly #values = new Map<string, ArrayLike<number>>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #totals = new Map<string, Uint32Array>();
  readonly #bins = new Map<string, Uint16Array>();
  readonly #masks = new Map<string, Uint8Array>();
  #cross: Crossfilter | null = null;

  constructor(source: Source, supply: Backend) {
    this.source = source;
    this.#supply = supply;
  }

  get exampleIds(): ArrayLike<number> {
    return this.#values.get("example_id") ?? [];
  }

  /** Values of columns, loaded once. */
  async columns(names: string[]): Promise<Record<string, ArrayLike<number>>> {
    await this.#load(["example_id", ...names]);
    return Object.fromEntries(names.map((name) => [name, this.#values.get(name) ?? []]));
  }

  /** Counts of all rows by bin, whatever the filters say. */
  async totals(columns: Column[]): Promise<Record<string, Uint32Array>> {
    await this.#bin(columns);
    const missing = columns.filter(({ name }) => !this.#totals.has(name));
    const counted = this.#counts(new Crossfilter(this.exampleIds.length), missing);
    for (const [name, counts] of Object.entries(counted)) this.#totals.set(name, counts);
    return Object.fromEntries(
      columns.flatMap(({ name }) => {
        const counts = this.#totals.get(name);
        return counts ? [[name, counts]] : [];
      }),
    );
  }

  /** Sets the filters. `preview` decides polygons here, for while they are drawn. */
  async select(filters: Filter[], columns: Column[], preview: boolean): Promise<FilterResult> {
    await this.#load(["example_id", ...filters.flatMap(columnsOf)]);
    await this.#bin(columns);
    const slots = new Map<string, Uint8Array>();
    for (const filter of joinFilters(filters)) {
      const slot = slotOf(filter);
      const mask = await this.#mask(filter, preview);
      const before = slots.get(slot);
      slots.set(slot, before ? both(before, mask) : mask);
    }
    this.#cross ??= new Crossfilter(this.exampleIds.length);
    for (const slot of this.#cross.slots) if (!slots.has(slot)) this.#cross.set(slot, null);
    for (const [slot, mask] of slots) this.#cross.set(slot, mask);
    const selected = filters.length ? this.#cross.selected() : null;
    return {
      count: selected ? countOf(selected) : this.exampleIds.length,
      mask: selected,
      counts: this.#counts(this.#cross, columns),
    };
  }

  #counts(cross: Crossfilter, columns: Column[]): Record<string, Uint32Array> {
    const counted = columns.flatMap((column) => {
      const bins = binsOf(column);
      const rows = this.#bins.get(column.name);
      return bins && rows ? [[column.name, cross.counts(rows, bins.count, column.name)]] : [];
    });
    return Object.fromEntries(counted);
  }

  async #mask(filter: Filter, preview: boolean): Promise<Uint8Array> {
    const key = JSON.stringify([preview && isDrawn(filter), filter]);
    const known = this.#masks.get(key);
    if (known) return known;
    const inner = isJoint(filter) ? [] : joinFilters(partsOf(filter));
    const parts = await Promise.all(inner.map((part) => this.#mask(part, preview)));
    const mask =
      maskFromParts(filter, parts, (name) => this.#values.get(name), this.exampleIds, preview) ??
      maskOfIds(this.exampleIds, await this.#supply.ids(this.source, filter));
    this.#masks.set(key, mask);
    for (const old of this.#masks.keys()) {
      if (this.#masks.size <= KEPT_MASKS) break;
      this.#masks.delete(old);
    }
    return mask;
  }

  async #bin(columns: Column[]): Promise<void> {
    const counted = columns.filter((column) => binsOf(column) !== null);
    await this.#load(["example_id", ...counted.map(({ name }) => name)]);
    for (const column of counted) {
      const bins = binsOf(column);
      const values = this.#values.get(column.name);
      if (bins && values && !this.#bins.has(column.name)) {
        this.#bins.set(column.name, assignBins(values, bins));
      }
    }
  }

  async #load(names: string[]): Promise<void> {
    const missing = [...new Set(names)].filter(
      (name) => !this.#values.has(name) && !this.#loading.has(name),
    );
    if (missing.length) {
      const wanted = missing.filter((name) => name !== "example_id");
      const load = this.#supply.columns(this.source, wanted).then(
        (columns) => {
          for (const [name, values] of Object.entries(columns)) {
            if (!this.#values.has(name)) this.#values.set(name, values);
          }
        },
      ).finally(() => {
        for (const name of missing) this.#loading.delete(name);
      });
      for (const name of missing) this.#loading.set(name, load);
    }
    await Promise.all(names.map((name) => this.#loading.get(name)));
  }
}
