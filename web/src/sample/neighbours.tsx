// Samples that look alike to the model: the nearest ones by embedding.
import { useMemo } from "react";
import { runSamplePage } from "../address/pages.ts";
import { useQuery } from "../address/query.ts";
import { sourceQuery } from "../address/source.ts";
import { post } from "../api.ts";
import { loadRowsById } from "../data/load-rows.ts";
import { useResource } from "../data/use-resource.ts";
import { Select } from "../parts/select.tsx";
import { ErrorState, Spinner } from "../parts/states.tsx";
import type { DrawOptions } from "../picture/draw.ts";
import { extentOf, layersOf, type Values } from "../picture/layers.ts";
import type { NearestSamples as Answer, SourceInfo } from "../wire.ts";
import { mainMetric } from "./epoch-strip.tsx";
import { samplePageParams } from "./page-params.ts";
import { ImageStrip } from "./image-strip.tsx";
import styles from "./image-strip.module.css";
import { imageUrl } from "../data/image-url.ts";

interface NeighbourStripProps {
  info: SourceInfo;
  exampleId: number;
  options: Partial<DrawOptions>;
}

const COUNT = 16;

/** Columns with which samples can be compared. */
export function embeddingColumns(info: SourceInfo): string[] {
  return info.columns.filter(({ role, origin }) => role === "embedding" && origin === "metric").map(({ name }) => name);
}

export function NeighbourStrip({ info, exampleId, options }: NeighbourStripProps) {
  const columns = embeddingColumns(info);
  const [{ by }, set] = useQuery(samplePageParams);
  const column = columns.includes(by) ? by : columns[0];
  const { source } = info;
  const found = useResource<{ answer: Answer; rows: Map<number, Values> }>(
    column && source.kind === "metrics" ? JSON.stringify([source, exampleId, column]) : null,
    async (signal) => {
      const answer = await post<Answer>("/api/neighbours", { source, example_id: exampleId, column, count: COUNT }, signal);
      return { answer, rows: await loadRowsById(source, answer.example_ids, signal) };
    },
  );
  const items = useMemo(() => {
    if (!found.data || source.kind !== "metrics") return [];
    const { answer, rows } = found.data;
    return answer.example_ids.map((id, at) => {
      const values = rows.get(id) ?? {};
      return {
        key: String(id),
        href: runSamplePage(source.project, source.run, id, sourceQuery(source)),
        src: imageUrl(info, id, 256),
        layers: layersOf(info, values),
        extent: extentOf(info, values),
        title: `${id}`,
        detail: mainMetric(info, values) || (answer.distances[at] ?? 0).toFixed(2),
      };
    });
  }, [found.data, info, source]);
  if (!column) return <p className={styles.empty}>No embeddings were collected; `collect_embeddings=True` collects them.</p>;
  if (found.error) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.data) return <p className={styles.empty}><Spinner label="Looking for neighbours" /></p>;
  return (
    <>
      {columns.length > 1 && (
        <div className={styles.choice}>
          <Select label="By" value={column} options={columns.map((value) => ({ value, label: value }))} onChange={(next) => set({ by: next })} />
        </div>
      )}
      <ImageStrip label="Nearest neighbours" items={items} options={options} empty="This sample has no embedding." />
    </>
  );
}
