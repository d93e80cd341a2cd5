// The revisions of a dataset as a tree, and how two of them differ.
import { useMemo } from "react";
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { textParam, useQuery } from "../address/query.ts";
import { get, post, segments } from "../api.ts";
import { useResource } from "../data/use-resource.ts";
import { ChangedSamples, describeDiff } from "../edit/changed-samples.tsx";
import { classNames } from "../parts/class-names.ts";
import { countWith } from "../parts/numbers.ts";
import { Select } from "../parts/select.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { ago, moment } from "../parts/times.ts";
import type { Project, RunRow, TableDiff, TableRow } from "../wire.ts";
import styles from "./revisions.module.css";
import { RunsOnBoth } from "./runs-on-both.tsx";
import { type Branch, branchesOf, relatedRevisions } from "./revision-tree.ts";

const params = { base: textParam(), other: textParam() };

export function Revisions({ row }: { row: TableRow }) {
  const project = useResource<Project>(
    row.project,
    (signal) => get<Project>(`/api/projects/${segments(row.project)}`, signal),
    { refreshOn: (event) => event.project === row.project },
  );
  return <Loaded resource={project}>{({ tables, runs }) => <Tree {...{ row, runs }} tables={tables.filter(({ dataset }) => dataset === row.dataset)} />}</Loaded>;
}

function Tree({ row, tables, runs }: { row: TableRow; tables: TableRow[]; runs: RunRow[] }) {
  const [{ base, other }, set] = useQuery(params);
  const branches = useMemo(() => branchesOf(tables), [tables]);
  const chosen = tables.find(({ name }) => name === other) ?? row;
  const options = relatedRevisions(tables, chosen);
  const compared = options.find(({ name }) => name === base) ?? options.find(({ name }) => name === chosen.parent) ?? options[0] ?? null;
  return (
    <div className={styles.revisions}>
      <ul className={styles.tree} aria-label="Revisions" tabIndex={0}>
        {branches.map((branch) => (
          <Line
            key={branch.row.name}
            branch={branch}
            isThis={branch.row.name === row.name}
            isShown={branch.row.name === chosen.name}
            onShow={() => set({ other: branch.row.name, base: "" })}
          />
        ))}
      </ul>
      <section className={styles.diff} aria-label="Difference" tabIndex={0}>
        {compared ? (
          <>
            <div className={styles.head}>
              <h2>{chosen.name}</h2>
              <Select
                label="compared with"
                value={compared.name}
                options={options.map(({ name }) => ({ value: name, label: name }))}
                onChange={(name) => set({ base: name })}
              />
            </div>
            <RunsOnBoth runs={runs} {...inTime(compared, chosen)} />
            <Difference {...inTime(compared, chosen)} />
          </>
        ) : (
          <EmptyState title="Nothing to compare with">
            {chosen.name} is the only revision so far. What you edit and commit makes the next one.
          </EmptyState>
        )}
      </section>
    </div>
  );
}

/** What came first is before, whichever of the two is looked at. */
function inTime(one: TableRow, other: TableRow): { before: TableRow; after: TableRow } {
  return other.created < one.created ? { before: other, after: one } : { before: one, after: other };
}

interface LineProps {
  branch: Branch;
  isThis: boolean;
  isShown: boolean;
  onShow: () => void;
}

function Line({ branch: { row, depth, isNewest }, isThis, isShown, onShow }: LineProps) {
  return (
    <li className={classNames(styles.line, isShown && styles.shown)} style={{ paddingLeft: 12 + depth * 18 }}>
      <span className={styles.node} data-first={depth === 0 || undefined} aria-hidden />
      <span className={styles.words}>
        <span className={styles.name}>
          <button type="button" className={styles.show} aria-pressed={isShown} onClick={onShow}>
            {row.name}
          </button>
          {isThis && <span className={styles.mark}>this page</span>}
          {isNewest && <span className={styles.mark}>newest</span>}
        </span>
        {(row.problem || row.description) && <span className={styles.description}>{row.problem ?? row.description}</span>}
        <span className={styles.facts} title={moment(row.created)}>
          {countWith(row.rows, "sample")} · {ago(row.created)}
          {!isThis && (
            <>
              {" · "}
              <Link href={tablePage(row.project, row.dataset, row.name)}>open</Link>
            </>
          )}
        </span>
      </span>
    </li>
  );
}

function Difference({ before, after }: { before: TableRow; after: TableRow }) {
  const [base, other] = [before, after].map(({ project, dataset, name }) => ({ kind: "table" as const, project, dataset, table: name }));
  const found = useResource<TableDiff>(`${before.id} ${after.id}`, (signal) =>
    post<TableDiff>("/api/diff", { base, other }, signal),
  );
  return (
    <Loaded resource={found}>
      {(diff) => (
        <>
          <p className={styles.summary}>
            From {before.name} to {after.name}: {describeDiff(diff)}.
          </p>
          {base && other && <ChangedSamples base={base} other={other} samples={diff.samples} />}
        </>
      )}
    </Loaded>
  );
}
