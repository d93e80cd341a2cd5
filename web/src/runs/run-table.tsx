// Runs as rows, chosen facts of them as columns.
import { ArrowDown, ArrowUp, Ellipsis } from "lucide-react";
import { Link } from "wouter";
import { runPage } from "../address/pages.ts";
import { IconButton } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import { Menu, MenuItem } from "../parts/menu.tsx";
import { countWith } from "../parts/numbers.ts";
import type { RunRow } from "../wire.ts";
import type { RunGroup } from "./group-runs.ts";
import { type Field, headsOf } from "./field.ts";
import { RunCell } from "./run-cell.tsx";
import styles from "./run-table.module.css";

export interface RunTableProps {
  groups: RunGroup[];
  fields: Field[];
  sort: { field: string; isDescending: boolean };
  onSort: (field: string) => void;
  selected: ReadonlySet<string>;
  onSelect: (names: string[], isSelected: boolean) => void;
  hidden: ReadonlySet<string>;
  onHide: (name: string, isHidden: boolean) => void;
  onEdit: (run: RunRow) => void;
}

export function RunTable(props: RunTableProps) {
  const { groups, fields, selected, onSelect } = props;
  const names = groups.flatMap((group) => group.runs.map((run) => run.name));
  const heads = headsOf(fields);
  const isAll = names.length > 0 && names.every((name) => selected.has(name));
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Runs">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.selectCell}>
              <input
                type="checkbox"
                aria-label="Select all runs"
                checked={isAll}
                onChange={() => onSelect(names, !isAll)}
              />
            </th>
            <Head {...props} id="name" label="Run" className={styles.name} />
            <Head {...props} id="status" label="Status" />
            {fields.map((field) => (
              <Head
                {...props}
                key={field.id}
                id={field.id}
                label={heads.get(field.id) ?? field.label}
                title={field.label}
                className={field.isNumber ? styles.number : undefined}
              />
            ))}
            <th scope="col" className={styles.more}>
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={String(group.value)}>
            {group.title !== null && (
              <tr className={styles.group}>
                <td colSpan={fields.length + 4}>
                  <span>
                    {group.title} · {countWith(group.runs.length, "run")}
                  </span>
                </td>
              </tr>
            )}
            {group.runs.map((run) => (
              <Row key={run.name} {...props} run={run} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

interface HeadProps extends RunTableProps {
  id: string;
  label: string;
  title?: string;
  className?: string;
}

function Head({ id, label, title, className, sort, onSort }: HeadProps) {
  const isOn = sort.field === id;
  const Arrow = sort.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isOn ? (sort.isDescending ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        data-on={isOn || undefined}
        title={title}
        onClick={() => onSort(id)}
      >
        <span>{label}</span>
        {isOn && <Arrow size={12} />}
      </button>
    </th>
  );
}

function Row({ run, fields, selected, onSelect, hidden, onHide, onEdit }: RunTableProps & { run: RunRow }) {
  const isSelected = selected.has(run.name);
  const isHidden = hidden.has(run.name);
  return (
    <tr data-selected={isSelected || undefined}>
      <td className={styles.selectCell}>
        <input
          type="checkbox"
          aria-label={`Select ${run.name}`}
          checked={isSelected}
          onChange={() => onSelect([run.name], !isSelected)}
        />
      </td>
      <th scope="row" className={styles.name} title={run.name}>
        <Link href={runPage(run.project, run.name)}>{run.name}</Link>
      </th>
      <td>
        <RunCell run={run} field={STATUS} />
      </td>
      {fields.map((field) => (
        <td key={field.id} className={classNames(field.isNumber && styles.number)}>
          <RunCell run={run} field={field} />
        </td>
      ))}
      <td className={styles.more}>
        <Menu
          trigger={
            <IconButton label={`More about ${run.name}`} small>
              <Ellipsis size={14} />
            </IconButton>
          }
        >
          <MenuItem onSelect={() => onEdit(run)}>Edit notes and tags…</MenuItem>
          <MenuItem onSelect={() => onHide(run.name, !isHidden)}>
            {isHidden ? "Show again" : "Hide"}
          </MenuItem>
        </Menu>
      </td>
    </tr>
  );
}

const STATUS: Field = {
  id: "status",
  label: "Status",
  group: "Run",
  isNumber: false,
  better: null,
  value: (run) => run.status,
};
