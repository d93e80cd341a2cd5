// Filters that are linked to each other: each histogram counts what all *other* filters take.

/** Masks by slot over `rows` rows, at most 255 of them. */
export class Crossfilter {
  readonly rows: number;
  /** How many slots leave a row out; 0 is selected. */
  readonly #failed: Uint8Array;
  readonly #masks = new Map<string, Uint8Array>();

  constructor(rows: number) {
    this.rows = rows;
    this.#failed = new Uint8Array(rows);
  }

  get slots(): string[] {
    return [...this.#masks.keys()];
  }

  /** Puts a mask (1 is taken) in place of the one of its slot; null takes all rows. */
  set(slot: string, mask: Uint8Array | null): void {
    const failed = this.#failed;
    const old = this.#masks.get(slot);
    if (old === mask) return;
    if (old) for (let row = 0; row < failed.length; row++) failed[row]! -= 1 - old[row]!;
    if (mask) {
      for (let row = 0; row < failed.length; row++) failed[row]! += 1 - mask[row]!;
      this.#masks.set(slot, mask);
    } else {
      this.#masks.delete(slot);
    }
  }

  /** 1 for each row that all slots take. */
  selected(): Uint8Array {
    const failed = this.#failed;
    const mask = new Uint8Array(failed.length);
    for (let row = 0; row < mask.length; row++) mask[row] = failed[row] === 0 ? 1 : 0;
    return mask;
  }

  /** Rows by bin that every slot but one takes; the last count is of those without a bin. */
  counts(bins: Uint16Array, size: number, without: string | null): Uint32Array {
    const counts = new Uint32Array(size + 1);
    const failed = this.#failed;
    const own = without === null ? undefined : this.#masks.get(without);
    if (!own) {
      for (let row = 0; row < failed.length; row++) if (failed[row] === 0) counts[bins[row]!]!++;
      return counts;
    }
    for (let row = 0; row < failed.length; row++) {
      if (failed[row]! + own[row]! === 1) counts[bins[row]!]!++;
    }
    return counts;
  }
}

/** How many ones. */
export function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row]!;
  return count;
}
