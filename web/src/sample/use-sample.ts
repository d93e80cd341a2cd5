// What a sample page shows: its source, its values, and where it stands in the list it came from.
import { useMemo } from "react";
import { filtersParam, sortParam } from "../address/list-params.ts";
import { useQuery } from "../address/query.ts";
import { post } from "../api.ts";
import { type Resource, useResource } from "../data/use-resource.ts";
import type { Filter, ListPlace, Sample, Sort, Source, SourceInfo } from "../wire.ts";

const listParams = { f: filtersParam, sort: sortParam };

/** One sample of a source; the last one stays while the next one comes. */
export function useSample(source: Source | null, exampleId: number): Resource<Sample> {
  return useResource<Sample>(
    source && JSON.stringify([source, exampleId]),
    (signal) => post<Sample>("/api/sample", { source, example_id: exampleId }, signal),
    { keep: true },
  );
}

/** Filters and order of the list that the person came from. */
export function useList(info: SourceInfo | null): { filters: Filter[]; sort: Sort[] } {
  const [{ f, sort }] = useQuery(listParams);
  return useMemo(() => ({ filters: f, sort: sort ?? (info?.worst_first ?? []) }), [f, sort, info]);
}

export function usePlace(info: SourceInfo | null, exampleId: number): ListPlace | null {
  const { filters, sort } = useList(info);
  const source = info?.source ?? null;
  const key = source && JSON.stringify([source, exampleId, filters, sort]);
  const asked = useResource<ListPlace>(
    key,
    (signal) => post<ListPlace>("/api/place", { source, example_id: exampleId, filters, sort }, signal),
    { keep: true },
  );
  return asked.loading ? null : asked.data;
}
