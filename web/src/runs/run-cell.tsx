import { Badge, Status } from "../parts/badge.tsx";
import { shortNumber } from "../parts/numbers.ts";
import { ago, duration, moment } from "../parts/times.ts";
import type { RunRow } from "../wire.ts";
import type { Field } from "./field.ts";
import styles from "./run-table.module.css";

/** One value of a run, as its field is read by people. */
export function RunCell({ run, field }: { run: RunRow; field: Field }) {
  const value = field.value(run);
  if (field.id === "status") {
    return (
      <span title={run.collection_failures ?? undefined}>
        <Status status={run.status} /> {run.collection_failures && <Badge tone="danger">{failures(run)}</Badge>}
      </span>
    );
  }
  if (value === null) return <span className={styles.none}>–</span>;
  if (field.id === "created") return <span title={moment(run.created)}>{ago(run.created)}</span>;
  if (field.id === "duration_s") return duration(run.duration_s);
  if (field.id === "tags") return <Tags tags={run.tags} />;
  if (typeof value === "number") return <span title={String(value)}>{shortNumber(value)}</span>;
  return (
    <span className={styles.cell} title={String(value)}>
      {String(value)}
    </span>
  );
}

/** The beginning of the sentence, up to the reason. */
function failures(run: RunRow): string {
  return (run.collection_failures ?? "").split(":")[0] ?? "";
}

export function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className={styles.tags}>
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
}
