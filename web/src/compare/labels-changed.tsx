// Where the two sides are about revisions of a Table: which, and the samples whose labels changed.
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { wholeNumber } from "../parts/numbers.ts";
import type { TableSource } from "../wire.ts";
import styles from "./compare.module.css";

interface LabelsChangedProps {
  /** Of the side before, and after. */
  tables: readonly [TableSource | null, TableSource | null];
  count: number;
  /** Whether only these samples are shown. */
  isOnly: boolean;
  onOnly: (isOnly: boolean) => void;
}

export function LabelsChanged({ tables: [before, after], count, isOnly, onOnly }: LabelsChangedProps) {
  return (
    <div className={styles.labels} role="group" aria-label="Revisions">
      <h3>Revisions of the Table</h3>
      {before && after && (
        <p>
          <Link
            href={tablePage(after.project, after.dataset, after.table, { tab: "revisions", base: before.table })}
            title="How the two revisions differ"
          >
            {before.table} → {after.table}
          </Link>
        </p>
      )}
      <button
        type="button"
        className={styles.show}
        aria-pressed={isOnly}
        disabled={!count}
        onClick={() => onOnly(!isOnly)}
      >
        <span>Labels changed</span>
        <span>{wholeNumber(count)}</span>
      </button>
    </div>
  );
}
