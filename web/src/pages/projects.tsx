import { Link } from "wouter";
import { projectPage } from "../address/pages.ts";
import { useGet } from "../data/use-resource.ts";
import { Badge } from "../parts/badge.tsx";
import { Frame } from "../frame/frame.tsx";
import { countWith } from "../parts/numbers.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { ago } from "../parts/times.ts";
import type { ProjectRow, Projects } from "../wire.ts";
import styles from "./projects.module.css";

/** All projects of the store, or how to fill it. */
export function ProjectsPage() {
  const projects = useGet<Projects>("/api/projects", { refreshOn: () => true });
  return (
    <Frame crumbs={[]}>
      <div className={styles.page}>
        <Loaded resource={projects}>
          {(data) => (
            <>
              <div className={styles.head}>
                <h2>Projects</h2>
                <code className={styles.root}>{data.root}</code>
              </div>
              {data.projects.length ? <List projects={data.projects} /> : <NothingYet />}
            </>
          )}
        </Loaded>
      </div>
    </Frame>
  );
}

function List({ projects }: { projects: ProjectRow[] }) {
  return (
    <ul className={styles.list}>
      {projects.map((project) => (
        <li key={project.name}>
          <Link href={projectPage(project.name)} className={styles.project}>
            <span className={styles.name}>
              <span title={project.name}>{project.name}</span>
              {project.running > 0 && (
                <Badge tone="accent" dot live>
                  {project.running} running
                </Badge>
              )}
            </span>
            <span className={styles.count}>{countWith(project.runs, "run")}</span>
            <span className={styles.count}>{countWith(project.tables, "table")}</span>
            <span className={styles.count}>{project.changed && ago(project.changed)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const STEPS = [
  { title: "See it on drawn images", code: "make demo" },
  {
    title: "Look at labels that you have",
    code: "samplewise import coco train.json --images images --project fruit --dataset fruit",
  },
  {
    title: "Attach the callback to a training",
    code: [
      "from samplewise.integration.super_gradients import DetectionMetricsCollectionCallback",
      'callback = DetectionMetricsCollectionCallback("fruit")',
      'trainer.train(model, {**params, "phase_callbacks": [callback]}, train_loader, val_loader)',
    ].join("\n"),
  },
];

function NothingYet() {
  return (
    <EmptyState title="This store is empty">
      What you do next appears here by itself.
      <div className={styles.steps}>
        {STEPS.map((step) => (
          <section key={step.title}>
            <h3>{step.title}</h3>
            <pre tabIndex={0}>{step.code}</pre>
          </section>
        ))}
      </div>
    </EmptyState>
  );
}
