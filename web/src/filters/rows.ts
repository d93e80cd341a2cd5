// Samples by their id: `rows(1-4,9)`.
import type { FilterKind } from "./filter-kind.ts";
import { splitList } from "./numbers-form.ts";

export const rows: FilterKind<"rows"> = {
  kind: "rows",
  form: /^rows\((.*)\)$/s,
  parse: ([ids = ""]) => ({ kind: "rows", example_ids: textToIds(ids) }),
  print: ({ example_ids }) => `rows(${idsToText(example_ids)})`,
  slot: () => "rows",
  describe: ({ example_ids: ids }) => (ids.length === 1 ? `sample ${ids[0]}` : `${ids.length} selected samples`),
  mask: ({ example_ids }, { exampleIds }) => maskOfIds(exampleIds, example_ids),
};

/** More of them no page can show; an address typed by hand may ask for any number. */
const MOST_IDS = 2e7;

/** `1-4,9`: runs of following ids are written as their ends. */
export function idsToText(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last && id === last[1] + 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

export function textToIds(text: string): number[] {
  return splitList(text).flatMap((run) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(run) ?? [];
    const count = Number(last) - Number(first) + 1;
    return count > 0 && count <= MOST_IDS ? Array.from({ length: count }, (_, step) => Number(first) + step) : [];
  });
}

/** Rows with one of the ids. `exampleIds` ascends. */
export function maskOfIds(exampleIds: ArrayLike<number>, wanted: ArrayLike<number>): Uint8Array {
  const mask = new Uint8Array(exampleIds.length);
  for (let at = 0; at < wanted.length; at++) {
    const row = rowOf(exampleIds, wanted[at] as number);
    if (row >= 0) mask[row] = 1;
  }
  return mask;
}

/** The row of an id, or -1. Most sources have all rows, so an id is its own row. */
export function rowOf(exampleIds: ArrayLike<number>, id: number): number {
  if (exampleIds[id] === id) return id;
  let [low, high] = [0, exampleIds.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = exampleIds[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
