// What the server says of a source: its columns, how many rows, where its images are.
import { post } from "../api.ts";
import type { Source, SourceInfo, TableSource } from "../wire.ts";
import { type Resource, type ResourceOptions, useResource } from "./use-resource.ts";

/** The columns of a source at its present version; null asks for none. */
export function useSourceInfo(source: Source | null, options?: ResourceOptions): Resource<SourceInfo> {
  return useResource<SourceInfo>(
    source && JSON.stringify(source),
    (signal) => post<SourceInfo>("/api/source", { source }, signal),
    options,
  );
}

/** Tells one version of a source from another. */
export function versionKey(info: SourceInfo): string {
  return JSON.stringify([info.source, info.version]);
}

/** The Table whose labels a source shows; null where it is not known. */
export function tableOf(info: SourceInfo | null): TableSource | null {
  return info?.source.kind === "table" ? info.source : (info?.table ?? null);
}
