import { sortToText } from "../address/sort.ts";
import { filtersToText } from "../filters/text-form.ts";
import { runSamplePage, tableSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import type { Filter, Sort, Source } from "../wire.ts";

/** The address of one sample; filters and order go with it, so that its page knows what is next. */
export function samplePage(source: Source, id: number, filters: Filter[], sort: readonly Sort[]): string {
  const query: Record<string, string> = filters.length ? { f: filtersToText(filters) } : {};
  if (sort.length) query.sort = sortToText(sort);
  return source.kind === "table"
    ? tableSamplePage(source.project, source.dataset, source.table, id, query)
    : runSamplePage(source.project, source.run, id, { ...sourceQuery(source), ...query });
}
