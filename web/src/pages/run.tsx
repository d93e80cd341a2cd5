import { useParams } from "wouter";
import { segments } from "../api.ts";
import { projectPage } from "../address/pages.ts";
import { choiceParam, useQuery } from "../address/query.ts";
import { Compare } from "../compare/compare.tsx";
import { useGet } from "../data/use-resource.ts";
import { Explorer } from "../explorer/explorer.tsx";
import { History } from "../history/history.tsx";
import { Status } from "../parts/badge.tsx";
import { Frame } from "../parts/frame.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { Tabs } from "../parts/tabs.tsx";
import type { Run } from "../wire.ts";

const TABS = ["curves", "samples", "history", "compare", "about"] as const;
const params = { tab: choiceParam(TABS, "curves") };

export function RunPage() {
  const { project, run: name } = useParams<{ project: string; run: string }>();
  const run = useGet<Run>(`/api/runs/${segments(project, name)}`, {
    refreshOn: (event) => event.project === project && event.name === name,
  });
  return (
    <Frame crumbs={[{ label: project, href: projectPage(project) }, { label: name }]} fill>
      <Loaded resource={run}>{(data) => <Content project={project} run={data} />}</Loaded>
    </Frame>
  );
}

function Content({ project, run }: { project: string; run: Run }) {
  const [{ tab }, set] = useQuery(params);
  return (
    <>
      <Status status={run.row.status} />
      <Tabs
        label="About this run"
        value={tab}
        onChange={(id) => set({ tab: id as (typeof TABS)[number] }, "push")}
        fill
        tabs={[
          { id: "curves", label: "Curves", content: <EmptyState title="Not there yet" /> },
          {
            id: "samples",
            label: "Samples",
            content: <Explorer project={project} run={run} table={null} />,
          },
          { id: "history", label: "Regressions", content: <History run={run} /> },
          { id: "compare", label: "Compare", content: <Compare run={run} /> },
          { id: "about", label: "About", content: <EmptyState title="Not there yet" /> },
        ]}
      />
    </>
  );
}
