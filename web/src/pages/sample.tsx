import { useMemo } from "react";
import { useLocation, useParams, useSearch } from "wouter";
import { projectPage, runPage, runSamplePage, tablePage, tableSamplePage } from "../address/pages.ts";
import { useQuery } from "../address/query.ts";
import { sourceOf, sourceParams } from "../address/source.ts";
import { segments } from "../api.ts";
import { useGet } from "../data/use-resource.ts";
import { type Crumb, Frame } from "../frame/frame.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { samplePageParams } from "../sample/page-params.ts";
import { SampleView } from "../sample/sample-view.tsx";
import { useSourceInfo } from "../data/source-info.ts";
import { useSample } from "../sample/use-sample.ts";
import type { Run, Source, SourceInfo, TableSource } from "../wire.ts";

interface Address {
  project: string;
  run?: string;
  dataset?: string;
  table?: string;
  example_id: string;
}

/** One sample of a collection of a run, or of a Table. */
export function SamplePage() {
  const address = useParams() as unknown as Address;
  const exampleId = /^\d+$/.test(address.example_id) ? Number(address.example_id) : null;
  const kept = useKept();
  const list = useMemo(() => omitParams(kept, Object.keys(samplePageParams)), [kept]);
  const { project, run, dataset, table } = address;
  const parent: Crumb[] =
    run !== undefined
      ? [{ label: run, href: runPage(project, run, { ...list, tab: "samples" }) }]
      : [{ label: `${dataset}/${table}`, href: tablePage(project, dataset as string, table as string, list) }];
  const crumbs = [{ label: project, href: projectPage(project) }, ...parent, { label: `Sample ${address.example_id}` }];
  return (
    <Frame crumbs={crumbs} fill>
      {exampleId === null ? (
        <EmptyState title="There is no such sample" />
      ) : run === undefined ? (
        <OfTable source={{ kind: "table", project, dataset: dataset as string, table: table as string }} exampleId={exampleId} />
      ) : (
        <OfRun project={project} name={run} exampleId={exampleId} />
      )}
    </Frame>
  );
}

/** The query without what is selected in this sample. */
function useKept(): Record<string, string> {
  const search = useSearch();
  return useMemo(() => omitParams(Object.fromEntries(new URLSearchParams(search)), ["at"]), [search]);
}

function omitParams(query: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name)));
}

function OfTable({ source, exampleId }: { source: TableSource & { kind: "table" }; exampleId: number }) {
  const { project, dataset, table } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are the source
  const same = useMemo<Source>(() => source, [project, dataset, table]);
  return <OfSource source={same} exampleId={exampleId} pageOf={(id, query) => tableSamplePage(project, dataset, table, id, query)} />;
}

function OfRun({ project, name, exampleId }: { project: string; name: string; exampleId: number }) {
  const run = useGet<Run>(`/api/runs/${segments(project, name)}`, {
    refreshOn: (event) => event.what === "run" && event.project === project && event.name === name,
  });
  const [chosen] = useQuery(sourceParams);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen is compared part by part
  const source = useMemo(
    () => (run.data ? sourceOf(run.data, chosen) : null),
    [run.data, chosen.stream, chosen.split, chosen.epoch, chosen.input],
  );
  return (
    <Loaded resource={run}>
      {() =>
        source ? (
          <OfSource source={source} exampleId={exampleId} pageOf={(id, query) => runSamplePage(project, name, id, query)} />
        ) : (
          <EmptyState title="This run has no samples" />
        )
      }
    </Loaded>
  );
}

interface OfSourceProps {
  source: Source;
  exampleId: number;
  pageOf: (exampleId: number, query: Record<string, string>) => string;
}

function OfSource({ source, exampleId, pageOf }: OfSourceProps) {
  const info = useSourceInfo(source, { keep: true });
  const sample = useSample(source, exampleId);
  const kept = useKept();
  const [, go] = useLocation();
  const isOld = (data: SourceInfo) => JSON.stringify(data.source) !== JSON.stringify(source);
  const openRevision = (table: TableSource) =>
    go(tablePage(table.project, table.dataset, table.table, { tab: "revisions" }));
  return (
    <Loaded resource={info}>
      {(shown) => (
        <Loaded resource={sample.error ? { ...sample, data: null } : sample}>
          {(one) => (
            <SampleView
              info={isOld(shown) && source.kind === "table" ? { ...shown, source } : shown}
              sample={one}
              kept={kept}
              onGo={(id) => go(pageOf(id, kept))}
              onCommitted={openRevision}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
