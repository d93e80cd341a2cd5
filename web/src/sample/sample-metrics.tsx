// The numbers of one sample, and what its row says beside them.
import { shortNumber } from "../parts/numbers.ts";
import type { Values } from "../picture/layers.ts";
import type { Column, SourceInfo } from "../wire.ts";
import styles from "./sample-metrics.module.css";

export function SampleMetrics({ info, values }: { info: SourceInfo; values: Values }) {
  const shown = info.columns.filter((column) => isPlain(column) && values[column.name] !== undefined);
  const groups = [
    ["Metrics", shown.filter(({ origin }) => origin === "metric")],
    ["Table", shown.filter(({ origin }) => origin !== "metric")],
  ] as const;
  return groups.map(
    ([title, columns]) =>
      columns.length > 0 && (
        <section key={title} className={styles.group}>
          <h2>{title}</h2>
          <dl className={styles.list}>
            {columns.map((column) => (
              <div key={column.name} title={column.description || undefined} data-wide={WIDE.includes(column.role) || undefined}>
                <dt>{column.name}</dt>
                <dd title={textOf(column, values)}>{shortenText(textOf(column, values))}</dd>
              </div>
            ))}
          </dl>
        </section>
      ),
  );
}

/** What is text may be long. */
const WIDE = ["text", "image"];

/** The end of a long path says more than its beginning. */
function shortenText(text: string): string {
  return text.length > MOST ? `…${text.slice(1 - MOST)}` : text;
}

const MOST = 44;

function isPlain({ role, hidden, name }: Column): boolean {
  return ["number", "category", "bool", "text", "image"].includes(role) && !hidden && !/\.\d+$|\.count$/.test(name);
}

export function textOf(column: Column, values: Values): string {
  const value = values[column.name];
  if (value === null || value === undefined) return "–";
  if (column.categories) return column.categories.find(({ id }) => id === value)?.name ?? String(value);
  if (typeof value === "number") return shortNumber(value) + (column.unit ? ` ${column.unit}` : "");
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}
