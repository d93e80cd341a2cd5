// Pages of rows for the centre; those of the last list stay until the first page of the next is there.
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { loadRows } from "../data/load-rows.ts";
import { Pages } from "../data/pages.ts";
import type { Filter, SourceInfo, Sort } from "../wire.ts";
import { versionKey } from "../data/source-info.ts";

export interface List {
  pages: Pages;
  key: string;
  version: number;
}

export function usePages(
  info: SourceInfo | null,
  filters: Filter[],
  sort: readonly Sort[],
  columns: readonly string[],
): List | null {
  const key = info && JSON.stringify([versionKey(info), filters, sort, columns]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: all of it is in `key`
  const wanted = useMemo(() => {
    if (!info || !key) return null;
    const request = { source: info.source, filters, sort: [...sort], columns: [...columns] };
    const pages = new Pages((offset, limit, signal) => loadRows({ ...request, offset, limit }, signal));
    pages.want(0, 1);
    return { pages, key };
  }, [key]);
  useVersion(wanted?.pages ?? null);
  const [shown, setShown] = useState(wanted);
  const isThere = wanted !== null && (wanted.pages.total !== null || wanted.pages.error !== null);
  if (isThere && shown !== wanted) setShown(wanted);
  const version = useVersion(shown?.pages ?? null);
  const old = useRef(wanted);
  useEffect(() => {
    const before = old.current;
    if (before && before !== wanted && before.pages !== shown?.pages) before.pages.close();
    old.current = wanted;
  }, [wanted, shown]);
  return shown && { ...shown, version };
}

function useVersion(pages: Pages | null): number {
  return useSyncExternalStore(pages?.subscribe ?? never, pages?.version ?? zero);
}

const never = () => () => {};
const zero = () => 0;
