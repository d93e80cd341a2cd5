// The choice of two collections: of two runs, or of two epochs, as the address says it.
import type { ReactNode } from "react";
import { segments } from "../api.ts";
import { NO_OTHER, otherChosen, otherSourceOf, sourceName } from "../address/other-source.ts";
import { useQuery } from "../address/query.ts";
import { areOfOneKind, chosenOf, sourceOf } from "../address/source.ts";
import { Subject } from "../charts/subject.ts";
import { useGet } from "../data/use-resource.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { MetricsSource, Run, SourceInfo } from "../wire.ts";
import type { pairParams } from "./params.ts";
import { SidesBar } from "./sides.tsx";
import styles from "./sides.module.css";
import { useSourceInfo } from "../data/source-info.ts";
import { metricColumns } from "../data/metric-columns.ts";
import type { Sides } from "./use-changes.ts";

interface Clear {
  /** Any collection. */
  sides: object;
  /** The side after, of another split or Table. */
  kind: object;
  metric: object;
}

interface TwoSidesProps {
  run: Run;
  /** At least `pairParams`. */
  params: typeof pairParams;
  /** What of the query holds no longer, by what is chosen anew. */
  clear: Clear;
  /** What else is chosen beside them. */
  extra?: ReactNode;
  /** Shows both sides; `info` is of the side after. */
  children: (sides: Sides, info: SourceInfo, metric: string) => ReactNode;
}

export function TwoSides({ run, params, clear, extra, children }: TwoSidesProps) {
  const [query, set] = useQuery(params);
  const isSame = query.other_run === "" || query.other_run === run.row.name;
  const path = `/api/runs/${segments(run.row.project, query.other_run)}`;
  const other = useGet<Run>(isSame ? null : path);
  const after = sourceOf(run, query);
  const info = useSourceInfo(after);
  if (!after) return <EmptyState title="No samples were collected" />;

  const chooseAfter = (source: MetricsSource) => {
    const isOther = !areOfOneKind(source, after);
    const anew = isOther ? { ...clear.kind, ...(isSame ? NO_OTHER : {}) } : {};
    set({ ...clear.sides, ...anew, ...chosenOf(source) }, "push");
  };
  const chooseRun = (name: string) =>
    set({ ...clear.sides, ...NO_OTHER, other_run: name === run.row.name ? "" : name }, "push");
  const withOther = (otherRun: Run) => {
    const before = otherSourceOf(after, run, otherRun, query);
    const metrics = info.data ? metricColumns(info.data) : [];
    const metric = metrics.includes(query.metric) ? query.metric : (info.data?.main_metric ?? metrics[0] ?? null);
    return (
      <div className={styles.body}>
        <SidesBar
          {...{ run, other: otherRun, before, after, metrics, metric }}
          onOtherRun={chooseRun}
          onBefore={(source) => set({ ...clear.sides, ...otherChosen(source, run) }, "push")}
          onAfter={chooseAfter}
          onMetric={(name) => set({ ...clear.metric, metric: name })}
        >
          {extra}
        </SidesBar>
        {before ? (
          <Loaded resource={info}>
            {(data) =>
              metric === null ? (
                <EmptyState title="This collection has no metric that is a number" />
              ) : (
                <Subject value={`${sourceName(before)} → ${sourceName(after)}`}>
                  {children({ before, after }, data, metric)}
                </Subject>
              )
            }
          </Loaded>
        ) : (
          <EmptyState title="There is nothing to compare with yet">
            This run has one collection. Choose another run above, or collect at more epochs:{" "}
            <code>metrics_collection_epochs=[0, 5, 10]</code>.
          </EmptyState>
        )}
      </div>
    );
  };
  return isSame ? withOther(run) : <Loaded resource={other}>{withOther}</Loaded>;
}
