import { useParams } from "wouter";
import { projectPage } from "../address/pages.ts";
import { Frame } from "../parts/frame.tsx";
import { EmptyState } from "../parts/states.tsx";

export function TablePage() {
  const { project, dataset, table } = useParams<{
    project: string;
    dataset: string;
    table: string;
  }>();
  return (
    <Frame
      crumbs={[
        { label: project, href: projectPage(project) },
        { label: dataset },
        { label: table },
      ]}
      fill
    >
      <EmptyState title="Not there yet" />
    </Frame>
  );
}
