import { useParams } from "wouter";
import { Frame } from "../parts/frame.tsx";

export function ProjectPage() {
  const { project } = useParams<{ project: string }>();
  return <Frame crumbs={[{ label: project }]}>…</Frame>;
}
