// The same sample in the other runs of the project: on the same Table, or on revisions of it.
import { useMemo } from "react";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { post } from "../api.ts";
import { useResource } from "../data/use-resource.ts";
import { countWith } from "../parts/numbers.ts";
import { ErrorState, Spinner } from "../parts/states.tsx";
import type { DrawOptions } from "../picture/draw.ts";
import { extentOf, layersOf } from "../picture/layers.ts";
import type { InOtherRun, OtherRuns as Found, Sample, SourceInfo } from "../wire.ts";
import { mainMetric } from "./epoch-strip.tsx";
import { changeWords, missingWords } from "./other-run-words.ts";
import { ImageStrip, type StripItem } from "./image-strip.tsx";
import styles from "./image-strip.module.css";
import { imageUrl } from "../data/image-url.ts";
import { tableOf } from "../data/source-info.ts";

interface OtherRunsStripProps {
  info: SourceInfo;
  sample: Sample;
  options: Partial<DrawOptions>;
}

export function OtherRunsStrip({ info, sample, options }: OtherRunsStripProps) {
  const { source } = info;
  const request = { source, example_id: sample.example_id };
  const found = useResource<Found>(
    JSON.stringify(request),
    (signal) => post<Found>("/api/other-runs", request, signal),
    { refreshOn: (event) => event.what === "run" && event.project === source.project },
  );
  const hasImage = sample.problem === null;
  const items = useMemo(
    () => (found.data?.runs ?? []).flatMap((one) => itemOf(one, hasImage)),
    [found.data, hasImage],
  );
  if (found.error && !found.data) return <ErrorState error={found.error} onRetry={found.reload} />;
  if (!found.data) return <p className={styles.empty}><Spinner label="Looking at the other runs" /></p>;
  const { runs, more } = found.data;
  const notes = [missingWords(runs), more ? `${countWith(more, "older run")} not looked at.` : ""].filter(Boolean);
  const name = tableOf(info)?.table ?? "this Table";
  const none = `No ${source.kind === "metrics" ? "other " : ""}run has collected on ${name} or a revision of it.`;
  return (
    <>
      {(items.length > 0 || !notes.length) && <ImageStrip label="Other runs" items={items} options={options} empty={none} />}
      {notes.length > 0 && <p className={styles.note}>{notes.join(" ")}</p>}
    </>
  );
}

function itemOf(found: InOtherRun, hasImage: boolean): StripItem[] {
  const { source, example_id: id, info, values } = found;
  if (id === null || info === null) return [];
  return [
    {
      key: JSON.stringify(source),
      href: runSamplePage(source.project, source.run, id, sourceQuery(source)),
      src: hasImage ? imageUrl(info, id, 256) : null,
      layers: layersOf(info, values),
      extent: extentOf(info, values),
      title: source.run,
      detail: mainMetric(info, values),
      notes: found.is_revision ? [`on ${found.table.table}`, changeWords(found)].filter(Boolean) : [],
    },
  ];
}
