// Which Table it is, where it comes from, and whether there is a newer revision.
import { Code as CodeIcon, PanelRight } from "lucide-react";
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { Badge, CountBadge } from "../parts/badge.tsx";
import { Button } from "../parts/button.tsx";
import { useCopy } from "../parts/code.tsx";
import { countWith } from "../parts/numbers.ts";
import styles from "../parts/page-head.module.css";
import { ago, moment } from "../parts/times.ts";
import { pythonText } from "../data/python-text.ts";
import type { Table, TableRow } from "../wire.ts";

interface TableHeadProps {
  table: Table;
  /** How many samples have unsaved edits. */
  edited: number;
  isOpen: boolean;
  onToggle: () => void;
}

export function TableHead({ table, edited, isOpen, onToggle }: TableHeadProps) {
  const { row } = table;
  const copy = useCopy();
  const newest = newestOf(table.descendants);
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        <h2>{row.name}</h2>
        <span className={styles.facts} title={moment(row.created)}>
          {countWith(row.rows, "sample")} · {ago(row.created)}
          {row.parent && (
            <>
              {" · from "}
              <Link href={tablePage(row.project, row.dataset, row.parent)}>{row.parent}</Link>
            </>
          )}
        </span>
        {newest && (
          <Badge tone="warning">
            Newer revision <Link href={tablePage(newest.project, newest.dataset, newest.name)}>{newest.name}</Link> exists
          </Badge>
        )}
        <span className={styles.space} />
        <Button small onClick={() => copy(tableCode(row), "Python that opens this Table")}>
          <CodeIcon size={14} />
          Copy as Python
        </Button>
        <Button small pressed={isOpen} onClick={onToggle}>
          <PanelRight size={14} />
          Unsaved edits
          {edited > 0 && <CountBadge count={edited} />}
        </Button>
      </div>
      {row.description && <p className={styles.words}>{row.description}</p>}
    </header>
  );
}

export function newestOf(rows: readonly TableRow[]): TableRow | null {
  return rows.reduce<TableRow | null>((best, row) => (best && best.created >= row.created ? best : row), null);
}

/** Python that opens a Table. */
export function tableCode({ name, dataset, project }: Pick<TableRow, "name" | "dataset" | "project">): string {
  return `import samplewise as sw\n\ntable = sw.Table.from_names(${pythonText(name)}, ${pythonText(dataset)}, ${pythonText(project)})\n`;
}
