// The Tables of a project, by dataset; revisions stand under what they were made from.
import { Database } from "lucide-react";
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { countWith } from "../parts/numbers.ts";
import { ago } from "../parts/times.ts";
import type { TableRow } from "../wire.ts";
import styles from "./table-list.module.css";

export function TableList({ tables }: { tables: TableRow[] }) {
  const datasets = [...new Set(tables.map((table) => table.dataset))];
  return (
    <section className={styles.tables} aria-label="Tables" tabIndex={0}>
      <h2>Tables</h2>
      {!tables.length && (
        <p className={styles.none}>
          None yet. A training with the callback makes them, or <code>samplewise import</code>.
        </p>
      )}
      {datasets.map((dataset) => (
        <section key={dataset} className={styles.dataset}>
          <h3>
            <Database size={13} aria-hidden /> {dataset}
          </h3>
          <ul>
            {tables
              .filter((table) => table.dataset === dataset)
              .map((table) => (
                <TableLink key={table.name} table={table} />
              ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

const INDENT = 12;

function TableLink({ table }: { table: TableRow }) {
  const depth = Math.min(table.ancestors.length, 4);
  return (
    <li style={{ paddingLeft: depth * INDENT }}>
      <Link
        href={tablePage(table.project, table.dataset, table.name)}
        className={styles.table}
        title={table.name}
      >
        <span className={styles.name}>{table.name}</span>
        <span className={styles.rows}>{countWith(table.rows, "row")}</span>
        <span className={styles.about}>
          {table.problem ?? [table.description, ago(table.created)].filter(Boolean).join(" · ")}
        </span>
      </Link>
    </li>
  );
}
