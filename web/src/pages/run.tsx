import { useMemo } from "react";
import { useParams } from "wouter";
import { segments } from "../api.ts";
import { projectPage } from "../address/pages.ts";
import { choiceParam, useQuery } from "../address/query.ts";
import { chartsOfRun } from "../charts/curve-groups.ts";
import { CurvePanel } from "../charts/curve-panel.tsx";
import { Subject } from "../charts/subject.ts";
import { Compare } from "../compare/compare.tsx";
import { useGet } from "../data/use-resource.ts";
import { RunBulkEdit } from "../edit/run-bulk-edit.tsx";
import type { Selection } from "../data/selection.ts";
import { Explorer } from "../explorer/explorer.tsx";
import { History } from "../history/history.tsx";
import { Frame } from "../frame/frame.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { RunAbout } from "../runs/run-about.tsx";
import { RunHead } from "../runs/run-head.tsx";
import type { Curves, Event, Run } from "../wire.ts";
import styles from "./run.module.css";

const TABS = ["curves", "samples", "history", "compare", "about"] as const;
type TabId = (typeof TABS)[number];
const params = { tab: choiceParam(TABS, "curves") };

/** A run: how it went, and what the model says to every sample. */
export function RunPage() {
  const { project, run: name } = useParams<{ project: string; run: string }>();
  const refreshOn = (event: Event) =>
    event.what === "run" && event.project === project && event.name === name;
  const path = `/api/runs/${segments(project, name)}`;
  const run = useGet<Run>(path, { refreshOn });
  return (
    <Frame crumbs={[{ label: project, href: projectPage(project) }, { label: name }]} fill>
      <Loaded resource={run}>
        {(data) => (
          <>
            <RunHead run={data} onSaved={run.replace} />
            <Content project={project} run={data} path={path} refreshOn={refreshOn} />
          </>
        )}
      </Loaded>
    </Frame>
  );
}

const bulkEdit = (selection: Selection) => <RunBulkEdit selection={selection} />;

interface ContentProps {
  project: string;
  run: Run;
  path: string;
  refreshOn: (event: Event) => boolean;
}

function Content({ project, run, path, refreshOn }: ContentProps) {
  const [{ tab }, set] = useQuery(params);
  const curves = useGet<Curves>(`${path}/curves`, { refreshOn });
  const samples = run.sources.length;
  return (
    <Tabs
      label="About this run"
      value={tab}
      onChange={(id) => set({ tab: id as TabId }, "push")}
      fill
      tabs={[
        {
          id: "curves",
          label: "Curves",
          content: (
            <Scroll label="Curves">
              <Loaded resource={curves}>
                {(data) => <CurvesOf run={run} curves={data} />}
              </Loaded>
            </Scroll>
          ),
        },
        {
          id: "samples",
          label: "Samples",
          content: samples ? <Explorer project={project} run={run} table={null} actions={bulkEdit} /> : <NoSamples />,
        },
        {
          id: "history",
          label: "Regressions",
          content: samples ? <History run={run} /> : <NoSamples />,
        },
        {
          id: "compare",
          label: "Compare",
          content: samples ? <Compare run={run} /> : <NoSamples />,
        },
        {
          id: "about",
          label: "About",
          content: (
            <Scroll label="About this run">
              <RunAbout run={run} />
            </Scroll>
          ),
        },
      ]}
    />
  );
}

function Scroll({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}

function CurvesOf({ run, curves }: { run: Run; curves: Curves }) {
  const watched = run.row.parameters["training.metric_to_watch"];
  const charts = useMemo(() => chartsOfRun(curves.curves, watched), [curves, watched]);
  if (charts.length) {
    return (
      <Subject value={`${run.row.project} · ${run.row.name}`}>
        <CurvePanel charts={charts} />
      </Subject>
    );
  }
  return (
    <EmptyState title={run.row.status === "running" ? "No metrics yet" : "No metrics"}>
      {run.row.status === "running"
        ? "They appear here with the end of the first epoch."
        : "This run has logged no metric of a whole split."}
    </EmptyState>
  );
}

function NoSamples() {
  return (
    <EmptyState title="No samples were collected">
      The callback collects at the epochs that <code>metrics_collection_epochs</code> names, and
      after the training. Why a collection failed stands under About.
    </EmptyState>
  );
}
