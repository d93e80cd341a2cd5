import { useMemo } from "react";
import { useParams } from "wouter";
import { segments } from "../api.ts";
import { projectPage } from "../address/pages.ts";
import { listParam, useQuery } from "../address/query.ts";
import { useGet } from "../data/use-resource.ts";
import { Frame } from "../frame/frame.tsx";
import { Splitter } from "../parts/splitter.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { RunComparison } from "../runs/run-comparison.tsx";
import { RunList } from "../runs/run-list.tsx";
import { TableList } from "../runs/table-list.tsx";
import type { Project, Run } from "../wire.ts";

const params = { runs: listParam() };

/** Runs and Tables of a project; `?runs=a,b` compares runs. */
export function ProjectPage() {
  const { project: name } = useParams<{ project: string }>();
  const [{ runs: compared }, set] = useQuery(params);
  const project = useGet<Project>(`/api/projects/${segments(name)}`, {
    refreshOn: (event) => event.project === name,
  });
  const isComparison = compared.length > 0;
  const crumbs = isComparison
    ? [{ label: name, href: projectPage(name) }, { label: "Compare" }]
    : [{ label: name }];
  const replaceRun = (run: Run) => {
    if (!project.data) return;
    const runs = project.data.runs.map((row) => (row.name === run.row.name ? run.row : row));
    project.replace({ ...project.data, runs });
  };
  return (
    <Frame crumbs={crumbs} fill>
      <Loaded resource={project}>
        {(data) =>
          isComparison ? (
            <Compared project={data} names={compared} onBack={() => set({ runs: [] }, "push")} />
          ) : (
            <Splitter name="project" label="Tables" sized="second" size={300}>
              {data.runs.length ? (
                <RunList project={name} runs={data.runs} onSaved={replaceRun} />
              ) : (
                <NoRuns />
              )}
              <TableList tables={data.tables} />
            </Splitter>
          )
        }
      </Loaded>
    </Frame>
  );
}

interface ComparedProps {
  project: Project;
  names: readonly string[];
  onBack: () => void;
}

function Compared({ project, names, onBack }: ComparedProps) {
  const runs = useMemo(
    () => names.flatMap((name) => project.runs.find((run) => run.name === name) ?? []),
    [project.runs, names],
  );
  if (!runs.length) return <EmptyState title="These runs are not there any more" />;
  return <RunComparison project={project.name} runs={runs} onBack={onBack} />;
}

function NoRuns() {
  return (
    <EmptyState title="No run yet">
      A training with the callback appears here while it writes.
    </EmptyState>
  );
}
