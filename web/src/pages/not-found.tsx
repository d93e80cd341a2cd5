import { Link } from "wouter";
import { Frame } from "../frame/frame.tsx";
import { EmptyState } from "../parts/states.tsx";

export function NotFoundPage() {
  return (
    <Frame crumbs={[{ label: "Not found" }]}>
      <EmptyState title="There is no such page">
        <Link href="/">All projects</Link>
      </EmptyState>
    </Frame>
  );
}
