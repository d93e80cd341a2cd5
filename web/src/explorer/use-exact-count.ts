import { post } from "../api.ts";
import { useResource } from "../data/use-resource.ts";
import type { Count, Filter, SourceInfo } from "../wire.ts";
import { versionKey } from "../data/source-info.ts";

/** What the server counts; null until it has. */
export function useExactCount(info: SourceInfo, filters: Filter[]): number | null {
  const key = filters.length ? JSON.stringify([versionKey(info), filters]) : null;
  const { data } = useResource(key, (signal) =>
    post<Count>("/api/count", { source: info.source, filters }, signal),
  );
  return filters.length ? (data?.count ?? null) : info.rows;
}
