// How often each class is labelled; each line selects its samples.
import { Link } from "wouter";
import { filtersToText } from "../filters/text-form.ts";
import { colorOf } from "../charts/scales/colors.ts";
import { countFigure } from "../charts/figure/counts.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { percent, wholeNumber } from "../parts/numbers.ts";
import type { Category, ClassCount, Filter } from "../wire.ts";
import styles from "./class-balance.module.css";

interface ClassBalanceProps {
  title: string;
  counts: readonly ClassCount[];
  categories: readonly Category[];
  /** What is counted: `boxes`; null where each sample has one. */
  noun: string | null;
  /** Selects the samples of a class; null where no filter can. */
  filterOf: ((id: number | null) => Filter) | null;
  hrefOf: (filters: string) => string;
}

export function ClassBalance({ title, counts, categories, noun, filterOf, hrefOf }: ClassBalanceProps) {
  const known = new Map(categories.map((category, place) => [category.id, { ...category, color: colorOf(category, place) }]));
  const never = categories.filter(({ id }) => !counts.some((one) => one.id === id));
  const total = counts.reduce((sum, { instances }) => sum + instances, 0);
  const most = Math.max(1, ...counts.map(({ instances }) => instances));
  const nameOf = (id: number | null) => (id === null ? "no class" : (known.get(id)?.name ?? `class ${id}`));
  const colorOfClass = (id: number | null) => (id === null ? undefined : known.get(id)?.color);
  const bars = counts.map(({ id, instances }) => ({
    name: nameOf(id),
    count: instances,
    color: colorOfClass(id) ?? "--line-strong",
    words: `${wholeNumber(instances)} (${percent(total ? instances / total : 0)})`,
  }));
  const neverLabelled = never.length > 0 ? `Never labelled: ${listNames(never)}` : undefined;
  return (
    <section className={styles.balance} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <SaveChart title={title} figure={(resolveColor) => countFigure({ title, note: neverLabelled, bars, unit: noun ?? "samples" }, resolveColor)} />
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" className={styles.bars}>
              <span className="visually-hidden">Share</span>
            </th>
            {noun && <th scope="col">{noun}</th>}
            <th scope="col">samples</th>
            <th scope="col">share</th>
          </tr>
        </thead>
        <tbody>
          {counts.map(({ id, instances, samples }) => (
            <tr key={id ?? "none"}>
              <th scope="row">
                {filterOf ? (
                  <Link href={hrefOf(filtersToText([filterOf(id)]))} title="Show these samples">
                    {nameOf(id)}
                  </Link>
                ) : (
                  nameOf(id)
                )}
              </th>
              <td className={styles.bars}>
                <span className={styles.bar} style={{ width: `${(instances / most) * 100}%`, background: colorOfClass(id) ?? "var(--line-strong)" }} />
              </td>
              {noun && <td>{wholeNumber(instances)}</td>}
              <td>{wholeNumber(samples)}</td>
              <td>{total ? percent(instances / total) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {neverLabelled && <p className={styles.never}>{neverLabelled}</p>}
    </section>
  );
}

const MOST = 20;

function listNames(classes: readonly Category[]): string {
  const names = classes.slice(0, MOST).map(({ name }) => name).join(", ");
  return classes.length > MOST ? `${names} and ${classes.length - MOST} more` : names;
}
