// Everything that a run knows about itself.
import { useState } from "react";
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { classNames } from "../parts/class-names.ts";
import { Input } from "../parts/input.tsx";
import { countWith, shortNumber, wholeNumber } from "../parts/numbers.ts";
import { duration, moment } from "../parts/times.ts";
import { JsonTree } from "../parts/json-tree.tsx";
import type { Collection, ReductionSummary, Run, TableSource } from "../wire.ts";
import styles from "./run-about.module.css";

export function RunAbout({ run }: { run: Run }) {
  const [search, setSearch] = useState("");
  const { command } = run.provenance;
  return (
    <div className={styles.about}>
      <section className={classNames(styles.card, styles.wide)} aria-label="Collections">
        <h3>Collections</h3>
        <Collections collections={run.collections} />
      </section>
      <section className={styles.card} aria-label="Hyperparameters">
        <h3>Hyperparameters</h3>
        {Object.keys(run.parameters).length ? (
          <>
            <Input
              label="Search hyperparameters"
              hideLabel
              placeholder="Search hyperparameters"
              type="search"
              value={search}
              onChange={setSearch}
            />
            <JsonTree value={run.parameters} search={search} />
          </>
        ) : (
          <p className={styles.none}>None were logged.</p>
        )}
      </section>
      <section className={styles.card} aria-label="Provenance">
        <h3>Provenance</h3>
        <JsonTree
          value={{
            started: moment(run.row.created),
            ended: moment(run.row.ended),
            ...run.provenance,
            ...(Array.isArray(command) && { command: command.join(" ") }),
          }}
          open={2}
        />
      </section>
      <section className={styles.card} aria-label="Input tables">
        <h3>Input tables</h3>
        <InputTables run={run} />
      </section>
      <section className={styles.card} aria-label="Maps of embeddings">
        <h3>Maps of embeddings</h3>
        <Reductions reductions={run.reductions} />
      </section>
    </div>
  );
}

function Collections({ collections }: { collections: Collection[] }) {
  if (!collections.length) {
    return <p className={styles.none}>No metrics were collected for single samples.</p>;
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Collections">
      <table className={styles.table}>
        <thead>
          <tr>
            {["Epoch", "Split", "Table", "Rows", "Duration", "Failure"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {collections.map((one, place) => (
            <tr key={place}>
              <td>{one.epoch ?? "–"}</td>
              <td>{one.split ?? "–"}</td>
              <td>{tableName(one.table)}</td>
              <td>{wholeNumber(one.rows)}</td>
              <td>{duration(one.duration_s)}</td>
              <td className={styles.failed}>{one.error}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function InputTables({ run }: { run: Run }) {
  const tables = new Map<string, { table: TableSource; rows: number }>();
  for (const { table, rows } of run.sources) {
    if (table) tables.set(`${table.dataset}/${table.table}`, { table, rows });
  }
  if (!tables.size) return <p className={styles.none}>None.</p>;
  return (
    <ul>
      {[...tables.entries()].map(([name, { table, rows }]) => (
        <li key={name} className={styles.line}>
          <Link href={tablePage(table.project, table.dataset, table.table)}>{name}</Link>{" "}
          <span className={styles.note}>{countWith(rows, "row")} collected</span>
        </li>
      ))}
    </ul>
  );
}

function Reductions({ reductions }: { reductions: ReductionSummary[] }) {
  if (!reductions.length) return <p className={styles.none}>No embeddings were reduced.</p>;
  return reductions.map((one) => (
    <div key={one.column}>
      <h4>
        {one.column} <span className={styles.note}>{one.method}</span>
      </h4>
      {one.note && <p className={styles.note}>{one.note}</p>}
      {one.trustworthiness.length > 0 && (
        <p className={styles.note}>
          Trustworthiness (1 is perfect):{" "}
          {one.trustworthiness.map(trust).join(", ")}
        </p>
      )}
    </div>
  ));
}

/** An entry is a number, or an object with one: what it is about stands before it. */
function trust(entry: unknown): string {
  if (typeof entry === "number") return shortNumber(entry);
  if (typeof entry !== "object" || entry === null) return String(entry);
  return Object.entries(entry)
    .map(([name, value]) => `${name} ${typeof value === "number" ? shortNumber(value) : value}`)
    .join(" ");
}

/** `dataset/table` of the URL of a Table. */
function tableName(url: string): string {
  return (url.split("/datasets/").at(-1) ?? url).replace("/tables/", "/");
}
