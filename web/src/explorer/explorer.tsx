// Every sample of a source: filters, images or rows, and a map, all linked to each other.
import { type ReactNode, useMemo } from "react";
import { sameOverTime, sourceOf, sourceParams } from "../address/source.ts";
import { useQuery } from "../address/query.ts";
import { useSourceInfo } from "../data/source-info.ts";
import { EmptyState, ErrorState, PlaceholderLines } from "../parts/states.tsx";
import type { Event, MetricsSource, Run, Source, TableSource } from "../wire.ts";
import type { Selection } from "../data/selection.ts";
import { Samples } from "./samples.tsx";

export interface ExplorerProps {
  project: string;
  /** Run whose collections are shown; null for the rows of a table. */
  run: Run | null;
  table: TableSource | null;
  /** Buttons that do something with the selection, shown in the toolbar. */
  actions?: (selection: Selection) => ReactNode;
}

/** Filters, grid or rows, and the scatter of one source, linked to each other. */
export function Explorer({ project, run, table, actions }: ExplorerProps) {
  const [chosen, setChosen] = useQuery(sourceParams);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen is compared part by part
  const source = useMemo<Source | null>(
    () => (run ? sourceOf(run, chosen) : table),
    [run, table, chosen.stream, chosen.split, chosen.epoch, chosen.input],
  );
  const info = useSourceInfo(source, { keep: true, refreshOn: (event) => concerns(event, project, source) });
  if (!source) return <EmptyState title="No samples were collected" />;
  if (!info.data) return info.error ? <ErrorState error={info.error} onRetry={info.reload} /> : <PlaceholderLines />;
  const moments = run && source.kind === "metrics" ? sameOverTime(run.sources, source) : [];
  const setSource = (next: MetricsSource) =>
    setChosen({
      stream: next.stream,
      split: next.split ?? "none",
      epoch: next.epoch ?? null,
      input: next.input_table_id ?? null,
    });
  return (
    <Samples
      info={info.data}
      wanted={source}
      sources={run?.sources ?? []}
      moments={moments}
      onSource={setSource}
      actions={actions}
    />
  );
}

function concerns(event: Event, project: string, source: Source | null): boolean {
  if (event.project !== project || !source) return false;
  if (source.kind === "metrics") return event.what === "run" && event.name === source.run;
  return event.what === "table" && event.name === `${source.dataset}/${source.table}`;
}
