// The samples that match, page by page, with what stands under their images.
import { useCallback, useMemo } from "react";
import { loadRows } from "../data/load-rows.ts";
import { drawnColumns } from "../grid/layers-of-rows.ts";
import type { Filter, SourceInfo, SourceRow, Sort } from "../wire.ts";
import { captionOf, type Look, tableColumns } from "./look.ts";
import { useExactCount } from "./use-exact-count.ts";
import { type MetricHistory, useMetricHistory } from "./use-metric-history.ts";
import { type List, usePages } from "./use-pages.ts";

export interface SampleList {
  /** Null until the first page is there. */
  list: List | null;
  /** How many match, by the server; null while it counts. */
  count: number | null;
  /** Columns under each image. */
  caption: string[];
  history: MetricHistory | null;
  /** Ids of a stretch of the list, some of it perhaps not loaded. */
  idsOf: (first: number, last: number) => Promise<number[]>;
}

/** As many ids as are asked for at once. */
const MOST_IDS = 1000;

export function useSampleList(
  info: SourceInfo,
  look: Look,
  filters: Filter[],
  sort: readonly Sort[],
  moments: readonly SourceRow[],
): SampleList {
  const caption = useMemo(() => captionOf(info, look, sort), [info, look, sort]);
  const columns = useMemo(() => {
    const shown = look.as === "grid" ? [...drawnColumns(info), ...caption] : tableColumns(info, look).map(({ name }) => name);
    return [...new Set(["example_id", ...shown])];
  }, [info, look, caption]);
  const list = usePages(info, filters, sort, columns);
  const history = useMetricHistory(info, moments, caption[0] ?? null);
  const count = useExactCount(info, filters);
  const idsOf = useCallback(
    async (first: number, last: number) => {
      const known = Array.from({ length: last - first }, (_, at) => list?.pages.row(first + at)?.example_id);
      if (known.every((id) => typeof id === "number")) return known as number[];
      const request = { source: info.source, filters, sort: [...sort], columns: ["example_id"] };
      const { rows } = await loadRows({ ...request, offset: first, limit: Math.min(MOST_IDS, last - first) });
      return rows.map((row) => row.example_id as number);
    },
    [list, info.source, filters, sort],
  );
  return { list, count, caption, history, idsOf };
}
