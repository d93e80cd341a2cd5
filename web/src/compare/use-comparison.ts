// What a comparison shows: which samples, narrowed by the address.
import { useMemo } from "react";
import { rows } from "../api.ts";
import { type SetQuery, useQuery, type Values } from "../address/query.ts";
import { useResource } from "../data/use-resource.ts";
import type { Better } from "../data/verdict.ts";
import { type Changes, countOf, ofChangedLabels, rowsToShow, type Show, type Side, summarizeChanges, type Taken } from "./changes.ts";
import { type Cell, textToCell } from "./confusion-cells.ts";
import { compareParams } from "./params.ts";
import { type Sides, sidesKey } from "./use-changes.ts";

export interface Comparison {
  query: Values<typeof compareParams>;
  set: SetQuery<typeof compareParams>;
  /** Those whose labels changed, where only these are wanted. */
  changes: Changes;
  /** How many samples have changed labels, and whether only these are shown. */
  marked: number;
  isOnly: boolean;
  /** The cell of the confusion matrix that is chosen. */
  cell: Cell | null;
  show: Show;
  /** Rows of `changes` in order. */
  shown: number[];
  isLoading: boolean;
}

export function useComparison(sides: Sides, better: Better, all: Changes): Comparison {
  const [query, set] = useQuery(compareParams);
  const marked = useMemo(() => countOf(all.labels_changed ?? []), [all]);
  const isOnly = marked > 0 && query.labels === "changed";
  const changes = useMemo(() => (isOnly ? ofChangedLabels(all) : all), [all, isOnly]);
  const { samples, isLoading } = useSamplesOf(sides, query.cell, query.cell_side, query.confidence);
  const show = allowedShow(query.show, better) || (summarizeChanges(changes, better).counts.worse ? "worse" : "all");
  const shown = useMemo(
    () => rowsToShow(changes, better, show, samples, query.range),
    [changes, better, show, samples, query.range],
  );
  return { query, set, changes, marked, isOnly, cell: textToCell(query.cell), show, shown, isLoading };
}

/** What of an address can be shown: nothing got worse or better where nobody said which way is better. */
function allowedShow(show: Show | "", better: Better): Show | "" {
  const isValued = show === "worse" || show === "better";
  return (better === null ? isValued : show === "changed") ? "" : show;
}

const EMPTY: ReadonlySet<number> = new Set();

/** The samples in a cell of the confusion matrix; null for all. */
function useSamplesOf(sides: Sides, text: string, side: Side, confidence: number): { samples: Taken | null; isLoading: boolean } {
  const cell = textToCell(text);
  const found = useResource(cell && `${sidesKey(sides)} ${text} ${side} ${confidence}`, async (signal) => {
    const filters = [{ kind: "confusion", ...cell, confidence }];
    const table = await rows("/api/ids", { source: sides[side], filters }, signal);
    return new Set<number>(table.getChild("example_id").toArray() as Iterable<number>);
  });
  const isAll = cell === null;
  const samples = useMemo(
    () => (isAll ? null : { ids: found.data ?? EMPTY, side }),
    [isAll, found.data, side],
  );
  return { samples, isLoading: !isAll && found.loading };
}
