// The same sample in other epochs and runs, and samples like it.
import { useMemo } from "react";
import { Tabs } from "../parts/tabs.tsx";
import { EpochStrip } from "./epoch-strip.tsx";
import { NeighbourStrip } from "./neighbours.tsx";
import { OtherRunsStrip } from "./other-runs.tsx";
import type { BELOW } from "./page-params.ts";
import styles from "./sample-view.module.css";
import type { SamplePageState } from "./use-sample-page.ts";

type TabId = (typeof BELOW)[number];

export function SampleElsewhere({ page, kept }: { page: SamplePageState; kept: Record<string, string> }) {
  const { info, sample, table, query, setQuery } = page;
  const options = useMemo(() => ({ ...page.options, hasTags: false }), [page.options]);
  const isRun = info.source.kind === "metrics";
  const ofRun = [
    { id: "epochs", label: "Epochs", count: sample.collections.length, content: <EpochStrip {...{ info, sample, options, kept }} /> },
    { id: "neighbours", label: "Neighbours", content: <NeighbourStrip info={info} exampleId={sample.example_id} options={options} /> },
  ];
  const ofTable = {
    id: "runs",
    label: isRun ? "Other runs" : "In runs",
    content: <OtherRunsStrip info={info} sample={sample} options={options} />,
  };
  const tabs = [...(isRun ? ofRun : []), ...(table ? [ofTable] : [])];
  const [first] = tabs;
  if (!first) return null;
  const shown = tabs.some(({ id }) => id === query.below) ? query.below : first.id;
  return (
    <div className={styles.below}>
      <Tabs label="The sample elsewhere" tabs={tabs} value={shown} onChange={(id) => setQuery({ below: id as TabId })} />
    </div>
  );
}
