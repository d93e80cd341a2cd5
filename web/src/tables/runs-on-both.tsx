// Runs on two revisions: whether the later labels helped is a comparison away.
import { Link } from "wouter";
import { runPage } from "../address/pages.ts";
import type { RunRow, TableRow } from "../wire.ts";
import styles from "./revisions.module.css";
import { findComparableRuns } from "./comparable-runs.ts";

interface RunsOnBothProps {
  runs: readonly RunRow[];
  before: TableRow;
  after: TableRow;
}

export function RunsOnBoth({ runs, before, after }: RunsOnBothProps) {
  const found = findComparableRuns(runs, before, after);
  if (found === null) return null;
  if ("lacking" in found) return <p className={styles.runs}>No run has collected on {found.lacking} yet.</p>;
  const { earlier, later, query } = found;
  return (
    <p className={styles.runs}>
      Did it help? <Link href={runPage(later.project, later.name, query)}>Compare {later.name} with {earlier.name}</Link>, the
      latest runs on {after.name} and {before.name}, sample by sample.
    </p>
  );
}
