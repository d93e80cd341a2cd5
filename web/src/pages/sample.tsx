import { useParams } from "wouter";
import { projectPage, runPage, tablePage } from "../address/pages.ts";
import { Frame } from "../parts/frame.tsx";
import { EmptyState } from "../parts/states.tsx";

interface Address {
  project: string;
  run?: string;
  dataset?: string;
  table?: string;
  example_id: string;
}

export function SamplePage() {
  const { project, run, dataset, table, example_id } = useParams() as unknown as Address;
  const parent =
    run !== undefined
      ? { label: run, href: runPage(project, run, { tab: "samples" }) }
      : {
          label: `${dataset}/${table}`,
          href: tablePage(project, dataset as string, table as string),
        };
  return (
    <Frame
      crumbs={[
        { label: project, href: projectPage(project) },
        parent,
        { label: `Sample ${example_id}` },
      ]}
      fill
    >
      <EmptyState title="Not there yet" />
    </Frame>
  );
}
