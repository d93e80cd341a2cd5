import { useGet } from "../data/use-resource.ts";
import { Frame } from "../parts/frame.tsx";
import { Loaded } from "../parts/states.tsx";
import type { Projects } from "../wire.ts";

export function ProjectsPage() {
  const projects = useGet<Projects>("/api/projects", { refreshOn: () => true });
  return (
    <Frame crumbs={[]}>
      <Loaded resource={projects}>{(data) => <p>{data.projects.length}</p>}</Loaded>
    </Frame>
  );
}
