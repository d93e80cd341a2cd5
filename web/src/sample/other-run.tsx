// The same sample in the other runs of the project: their last collections on the same Table.
import { useMemo } from "react";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { get, post, segments } from "../api.ts";
import { useResource } from "../data/use-resource.ts";
import { ErrorState, Spinner } from "../parts/states.tsx";
import type { DrawOptions } from "../picture/draw.ts";
import { extentOf, layersOf } from "../picture/layers.ts";
import type { MetricsSource, Project, Run, Sample, SourceInfo, TableSource } from "../wire.ts";
import { mainMetric } from "./epochs.tsx";
import { Strip } from "./strip.tsx";
import styles from "./strip.module.css";
import { imageOf } from "./use-sample.ts";

interface OtherRunsProps {
  table: TableSource;
  /** The run that is shown; left out on the page of a Table. */
  without: string | null;
  exampleId: number;
  options: Partial<DrawOptions>;
}

interface Found {
  source: MetricsSource;
  info: SourceInfo;
  sample: Sample;
}

const MOST = 12;

export function OtherRuns({ table, without, exampleId, options }: OtherRunsProps) {
  const found = useResource<Found[]>(JSON.stringify([table, without, exampleId]), (signal) =>
    findAll(table, without, exampleId, signal),
  );
  const items = useMemo(
    () =>
      (found.data ?? []).map(({ source, info, sample }) => ({
        key: JSON.stringify(source),
        href: runSamplePage(source.project, source.run, exampleId, sourceQuery(source)),
        src: sample.problem === null ? imageOf(info, exampleId, 256) : null,
        layers: layersOf(info, sample.values),
        extent: extentOf(info, sample.values),
        title: source.run,
        detail: mainMetric(info, sample.values),
      })),
    [found.data, exampleId],
  );
  if (found.error) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.data) return <p className={styles.empty}><Spinner label="Looking at the other runs" /></p>;
  return (
    <Strip label="Other runs" items={items} options={options} empty={`No ${without ? "other " : ""}run has collected on ${table.table}.`} />
  );
}

async function findAll(table: TableSource, without: string | null, exampleId: number, signal: AbortSignal): Promise<Found[]> {
  const project = await get<Project>(`/api/projects/${segments(table.project)}`, signal);
  const names = project.runs.filter(({ name, collections }) => name !== without && collections > 0).map(({ name }) => name);
  const found = await Promise.all(names.slice(0, MOST).map((name) => findIn(name, table, exampleId, signal)));
  return found.filter((one) => one !== null);
}

async function findIn(name: string, table: TableSource, exampleId: number, signal: AbortSignal): Promise<Found | null> {
  const run = await get<Run>(`/api/runs/${segments(table.project, name)}`, signal);
  const source = run.sources
    .filter((row) => row.table?.dataset === table.dataset && row.table.table === table.table)
    .map((row) => row.source)
    .sort((a, b) => (b.epoch ?? Number.POSITIVE_INFINITY) - (a.epoch ?? Number.POSITIVE_INFINITY))[0];
  if (!source) return null;
  try {
    const [info, sample] = await Promise.all([
      post<SourceInfo>("/api/source", { source }, signal),
      post<Sample>("/api/sample", { source, example_id: exampleId }, signal),
    ]);
    return { source, info, sample };
  } catch {
    return null; // this collection lacks the sample
  }
}
