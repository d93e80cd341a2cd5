import { countWith } from "./numbers.ts";
import styles from "./json-tree.module.css";

interface JsonTreeProps {
  value: Record<string, unknown> | unknown[];
  /** How many levels are open at first. */
  open?: number;
  /** Only what has this text in its path or value. */
  search?: string;
}

/** Nested values, as a hyperparameters file has them. */
export function JsonTree({ value, open = 1, search = "" }: JsonTreeProps) {
  const found = search ? pruneTree(value, search.toLowerCase()) : value;
  if (found === null) return null;
  return (
    <ul className={styles.tree}>
      {Object.entries(found).map(([name, inner]) => (
        <Node key={name} name={name} value={inner} open={search ? 9 : open} />
      ))}
    </ul>
  );
}

function Node({ name, value, open }: { name: string; value: unknown; open: number }) {
  if (!isBranch(value) || isShort(value)) {
    return (
      <li className={styles.line}>
        <span className={styles.key}>{name}</span>
        <code className={styles.value}>{formatValue(value)}</code>
      </li>
    );
  }
  const entries = Object.entries(value);
  return (
    <li>
      <details open={open > 0}>
        <summary>
          {name} <span className={styles.count}>{countWith(entries.length, "value")}</span>
        </summary>
        <ul>
          {entries.map(([key, inner]) => (
            <Node key={key} name={key} value={inner} open={open - 1} />
          ))}
        </ul>
      </details>
    </li>
  );
}

type Branch = Record<string, unknown> | unknown[];

function isBranch(value: unknown): value is Branch {
  return typeof value === "object" && value !== null;
}

/** A list of a few plain values is read better in a line. */
function isShort(value: Branch): boolean {
  const inner = Object.values(value);
  if (!inner.length) return true;
  return Array.isArray(value) && !inner.some(isBranch) && JSON.stringify(value).length <= 240;
}

function formatValue(value: unknown): string {
  if (value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll(",", ", ");
}

function pruneTree(value: Branch, search: string): Branch | null {
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    if (name.toLowerCase().includes(search)) return [[name, inner]];
    if (isBranch(inner)) {
      const rest = pruneTree(inner, search);
      return rest ? [[name, rest]] : [];
    }
    return formatValue(inner).toLowerCase().includes(search) ? [[name, inner]] : [];
  });
  return kept.length ? (Object.fromEntries(kept) as Branch) : null;
}
