// The state of an explorer: what the address says, what the filters match, what is selected by hand.
import { useMemo } from "react";
import { useQuery } from "../address/query.ts";
import type { FilterClient } from "../data/filter-client.ts";
import type { Selection } from "../data/selection.ts";
import type { EditMarks } from "../edit/apply-edits.ts";
import { useEditMarks } from "../edit/use-edit-marks.ts";
import { filtersToText } from "../filters/text-form.ts";
import type { SourceInfo, SourceRow, Sort } from "../wire.ts";
import { type Look, lookParams, type SetLook } from "./look.ts";
import { type FilterState, useFilterClient, useFilterState } from "./use-filter-engine.ts";
import { type Filters, useFilters } from "./use-filters.ts";
import { type OpenFilters, useOpenFilters } from "./use-open-filters.ts";
import { type SampleList, useSampleList } from "./use-sample-list.ts";
import { type HandSelection, useSelection } from "./use-selection.ts";

export interface ExplorerState {
  info: SourceInfo;
  look: Look;
  setLook: SetLook;
  filters: Filters;
  openFilters: OpenFilters;
  client: FilterClient | null;
  /** What the filters match; null until it is known. */
  filterState: FilterState | null;
  sort: readonly Sort[];
  samples: SampleList;
  selection: HandSelection;
  /** Unsaved edits. */
  marks: EditMarks;
}

export function useExplorer(info: SourceInfo, moments: readonly SourceRow[]): ExplorerState {
  const [look, setLook] = useQuery(lookParams);
  const filters = useFilters(look.f, setLook);
  const client = useFilterClient();
  const openFilters = useOpenFilters(info);
  const filterState = useFilterState(client, info, filters.shown, openFilters.counted, filters.isMoving);
  const sort = useMemo(() => look.sort ?? info.worst_first, [look.sort, info.worst_first]);
  const samples = useSampleList(info, look, filters.settled, sort, moments);
  const selection = useSelection(filtersToText(filters.settled));
  const marks = useEditMarks(info);
  return { info, look, setLook, filters, openFilters, client, filterState, sort, samples, selection, marks };
}

/** How many samples match: while a brush moves by the browser's count, else by the server's. */
export function matchingCount({ filters, filterState, samples }: ExplorerState): number | null {
  const here = filterState?.count ?? null;
  return filters.isMoving ? here : (samples.count ?? here);
}

/** What buttons do something with: the samples selected by hand, or all that match. */
export function selectionOf({ info, filters, samples, selection }: ExplorerState): Selection {
  const ids = [...selection.selected];
  return {
    source: info.source,
    filters: ids.length ? [{ kind: "rows", example_ids: ids }] : filters.settled,
    selected: ids,
    count: ids.length || samples.count,
  };
}
