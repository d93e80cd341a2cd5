// The cells of a confusion matrix: ids of classes, or null for the background.
import type { Confusion } from "../wire.ts";

export interface Cell {
  truth: number | null;
  predicted: number | null;
}

export interface CountedCell {
  cell: Cell;
  count: number;
  /** Of all ground truths of this class; of the background: of all predictions beside objects. */
  share: number;
}

export function namesOf({ classes }: Confusion): string[] {
  return [...classes.map((one) => one.name || String(one.id)), "background"];
}

export function cellsOf({ classes, counts }: Confusion): CountedCell[][] {
  const ids = [...classes.map((one) => one.id), null];
  return counts.map((line, row) => {
    const total = line.reduce((sum, count) => sum + count, 0);
    return line.map((count, column) => ({
      cell: { truth: ids[row] ?? null, predicted: ids[column] ?? null },
      count,
      share: total ? count / total : 0,
    }));
  });
}

/** Lines, and so columns, of classes that are labelled or predicted at all. */
export function occurring({ counts }: Confusion): number[] {
  const isThere = (at: number) => counts[at]?.some(Boolean) || counts.some((line) => line[at]);
  return counts.flatMap((_, at) => (isThere(at) ? [at] : []));
}

/** How strong the colour of a cell is, in [0, 1]. */
export function strengthOf({ share }: CountedCell): number {
  return share === 0 ? 0 : 0.1 + 0.5 * Math.sqrt(share);
}

export function sameCell(a: Cell | null, b: Cell): boolean {
  return a !== null && a.truth === b.truth && a.predicted === b.predicted;
}

/** `3>*`: ground truths of class 3 that were taken for background. */
export function cellToText({ truth, predicted }: Cell): string {
  return `${truth ?? "*"}>${predicted ?? "*"}`;
}

export function textToCell(text: string): Cell | null {
  const [, truth, predicted] = /^(-?\d+|\*)>(-?\d+|\*)$/.exec(text) ?? [];
  if (truth === undefined || predicted === undefined) return null;
  const id = (part: string) => (part === "*" ? null : Number(part));
  return { truth: id(truth), predicted: id(predicted) };
}
