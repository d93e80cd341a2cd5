// The columns of a source in their worker, and what the filters select of it.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FilterResult } from "../data/filter-engine.ts";
import { FilterClient } from "../data/filter-client.ts";
import { versionKey } from "../data/source-info.ts";
import type { Column, Filter, SourceInfo } from "../wire.ts";

export type Numbers = Float32Array | Float64Array | Int32Array;

/** One worker for the page of one explorer. */
export function useFilterClient(): FilterClient | null {
  const [client, setClient] = useState<FilterClient | null>(null);
  useEffect(() => {
    const made = new FilterClient();
    setClient(made);
    return () => made.close();
  }, []);
  return client;
}

/** Columns by name; those of the last source stay until the new ones are there. */
export function useColumns(
  client: FilterClient | null,
  info: SourceInfo | null,
  names: string[],
): { key: string; values: Record<string, Numbers> } | null {
  const [loaded, setLoaded] = useState<{ key: string; values: Record<string, Numbers> } | null>(null);
  const wanted = names.join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are in `wanted`
  useEffect(() => {
    if (!client || !info) return;
    let isOld = false;
    client.columns(versionKey(info), info.source, names).then(
      (values) => !isOld && setLoaded({ key: `${versionKey(info)}\n${wanted}`, values }),
      () => !isOld && setLoaded(null),
    );
    return () => {
      isOld = true;
    };
  }, [client, info, wanted]);
  return loaded && names.every((name) => loaded.values[name]) ? loaded : null;
}

export interface FilterState extends FilterResult {
  /** Counts of all rows by column. */
  totals: Record<string, Uint32Array>;
  /** Source that this is about. */
  key: string;
  error: Error | null;
}

/**
 * What the filters select. While a brush moves there is one question on its way at most, and the
 * newest waits: older ones that nobody needs any more are never asked.
 */
export function useFilterState(
  client: FilterClient | null,
  info: SourceInfo | null,
  filters: Filter[],
  columns: Column[],
  preview: boolean,
): FilterState | null {
  const [state, setState] = useState<FilterState | null>(null);
  const busy = useRef(false);
  const next = useRef<(() => Promise<void>) | null>(null);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const pump = useCallback(async () => {
    if (busy.current) return;
    busy.current = true;
    while (next.current && alive.current) {
      const job = next.current;
      next.current = null;
      await job();
    }
    busy.current = false;
  }, []);

  const shape = useMemo(() => columns.map(({ name }) => name).join("\n"), [columns]);
  const shown = useRef(state);
  shown.current = state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `columns` are compared by their names
  useEffect(() => {
    if (!client || !info) return;
    const key = versionKey(info);
    next.current = async () => {
      try {
        const [totals, selected] = await Promise.all([
          client.totals(key, info.source, columns),
          client.select(key, info.source, filters, columns, preview),
        ]);
        setState({ ...selected, totals, key, error: null });
      } catch (error) {
        const old = shown.current;
        setState(
          old && old.key === key
            ? { ...old, error: error as Error }
            : { count: 0, mask: null, counts: {}, totals: {}, key, error: error as Error },
        );
      }
    };
    void pump();
  }, [client, info, filters, shape, preview, pump]);
  return state;
}
