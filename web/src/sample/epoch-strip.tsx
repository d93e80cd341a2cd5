// The same sample in every epoch of its run.
import { useMemo } from "react";
import { runSamplePage } from "../address/pages.ts";
import { sourceQuery } from "../address/source.ts";
import { valueText } from "../data/value-text.ts";
import { shortNumber } from "../parts/numbers.ts";
import type { DrawOptions } from "../picture/draw.ts";
import { extentOf, layersOf, type Values } from "../picture/layers.ts";
import type { Sample, SourceInfo } from "../wire.ts";
import { ImageStrip } from "./image-strip.tsx";
import { imageUrl } from "../data/image-url.ts";

interface EpochStripProps {
  info: SourceInfo;
  sample: Sample;
  options: Partial<DrawOptions>;
  /** What of the query stays: the list that the person came from. */
  kept: Record<string, string>;
}

export function EpochStrip({ info, sample, options, kept }: EpochStripProps) {
  const { source } = info;
  const items = useMemo(
    () =>
      sample.collections.map((collection) => {
        const epoch = collection.source.epoch ?? null;
        return {
          key: JSON.stringify(collection.source),
          href: runSamplePage(collection.source.project, collection.source.run, sample.example_id, { ...kept, ...sourceQuery(collection.source) }),
          src: sample.problem === null ? imageUrl(info, sample.example_id, 256) : null,
          layers: layersOf(info, collection.values),
          extent: extentOf(info, collection.values),
          title: epoch === null ? "no epoch" : `epoch ${epoch}`,
          detail: mainMetric(info, collection.values),
          isCurrent: source.kind === "metrics" && (source.epoch ?? null) === epoch,
        };
      }),
    [info, source, sample, kept],
  );
  return <ImageStrip label="Epochs" items={items} options={options} empty="This sample was collected once." />;
}

/** What says the most, in short: the predicted class, or the main metric. */
export function mainMetric(info: SourceInfo, values: Values): string {
  const predicted = info.columns.find(({ name, role }) => role === "category" && info.predictions.includes(name));
  if (predicted) {
    return [valueText(values[predicted.name], predicted), formatMetric(values.confidence)].join(" ");
  }
  const name = info.main_metric;
  return name && typeof values[name] === "number" ? `${name} ${formatMetric(values[name])}` : "";
}

function formatMetric(value: unknown): string {
  return typeof value === "number" ? shortNumber(Math.round(value * 1000) / 1000) : "";
}
