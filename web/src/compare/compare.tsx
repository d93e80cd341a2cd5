// Two collections of the same Table, sample by sample: of two runs, or of two epochs.
import { segments } from "../api.ts";
import { otherChosen, otherSourceOf } from "../address/other-source.ts";
import { useQuery } from "../address/query.ts";
import { sourceOf } from "../address/source.ts";
import { mainMetric } from "../data/main-metric.ts";
import { useGet } from "../data/use-resource.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { MetricsSource, Run, SourceInfo } from "../wire.ts";
import styles from "./compare.module.css";
import { ComparedSamples } from "./compared-samples.tsx";
import { compareParams } from "./params.ts";
import { SidesBar } from "./sides.tsx";
import { metricsOf, type Sides, useChanges, useInfo } from "./use-changes.ts";

export function Compare({ run }: { run: Run }) {
  const [query, set] = useQuery(compareParams);
  const isSame = query.other_run === "" || query.other_run === run.row.name;
  const path = `/api/runs/${segments(run.row.project, query.other_run)}`;
  const other = useGet<Run>(isSame ? null : path);
  const after = sourceOf(run, query);
  const info = useInfo(after);
  if (!after) return <EmptyState title="No samples were collected" />;

  const compared = (otherRun: Run) => {
    const before = otherSourceOf(after, run, otherRun, query);
    const metrics = info.data ? metricsOf(info.data) : [];
    const metric = metrics.includes(query.metric) ? query.metric : mainMetric(metrics);
    const clear = { cell: "", range: null };
    return (
      <div className={styles.body}>
        <SidesBar
          {...{ run, other: otherRun, before, after, metrics, metric }}
          onOtherRun={(name) => set({ ...clear, ...NO_OTHER, other_run: name === run.row.name ? "" : name }, "push")}
          onBefore={(source) => set({ ...clear, ...otherChosen(source, run) }, "push")}
          onAfter={(source) => set({ ...clear, ...chosen(source) }, "push")}
          onMetric={(name) => set({ metric: name, range: null })}
        />
        {before ? (
          <Loaded resource={info}>
            {(data) => <Compared sides={{ before, after }} info={data} metric={metric} />}
          </Loaded>
        ) : (
          <EmptyState title="There is nothing to compare with yet">
            This run has one collection. Choose another run above, or compare again when a later
            epoch has been collected.
          </EmptyState>
        )}
      </div>
    );
  };
  return isSame ? compared(run) : <Loaded resource={other}>{compared}</Loaded>;
}

const NO_OTHER = {
  other_stream: "",
  other_split: "",
  other_epoch: undefined,
  other_input: undefined,
};

function chosen(source: MetricsSource) {
  const { stream, split, epoch, input_table_id } = source;
  return {
    stream,
    split: split ?? "none",
    epoch: epoch ?? null,
    input: input_table_id ?? null,
  };
}

interface ComparedProps {
  sides: Sides;
  /** Of the side after. */
  info: SourceInfo;
  metric: string | null;
}

function Compared({ sides, info, metric }: ComparedProps) {
  const before = useInfo(sides.before);
  const changes = useChanges(sides, metric);
  if (metric === null) {
    return <EmptyState title="This collection has no metric that is a number" />;
  }
  return (
    <Loaded resource={changes}>
      {(data) => (
        <Loaded resource={before}>
          {(beforeInfo) => (
            <ComparedSamples {...{ sides, metric }} before={beforeInfo} after={info} changes={data} />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
