// How often each joint is visible, hidden or missing.
import { countFigure } from "../charts/figure/counts.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { percent, wholeNumber } from "../parts/numbers.ts";
import type { JointCount } from "../wire.ts";
import styles from "./class-balance.module.css";

const KEYS = [
  { name: "labelled", color: "--accent", mark: "square" as const },
  { name: "missing", color: "--bar-faint", mark: "square" as const },
];

export function JointCounts({ column, joints }: { column: string; joints: readonly JointCount[] }) {
  const title = `Joints in ${column}`;
  const bars = joints.map(({ name, visible, hidden, missing }) => ({
    name,
    count: visible + hidden,
    total: visible + hidden + missing,
    words: `${wholeNumber(visible)} visible, ${wholeNumber(hidden)} hidden`,
  }));
  return (
    <section className={styles.balance} aria-label={title}>
      <div className={styles.head}>
        <h2>Joints</h2>
        <SaveChart title={title} figure={(resolveColor) => countFigure({ title, bars, unit: "poses", keys: KEYS }, resolveColor)} />
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Joint</th>
            <th scope="col" className={styles.bars}>
              <span className="visually-hidden">Share labelled</span>
            </th>
            <th scope="col">visible</th>
            <th scope="col">hidden</th>
            <th scope="col">missing</th>
            <th scope="col">labelled</th>
          </tr>
        </thead>
        <tbody>
          {joints.map(({ name, visible, hidden, missing }) => {
            const share = (visible + hidden) / Math.max(1, visible + hidden + missing);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className={styles.bars}>
                  <span className={styles.bar} style={{ width: `${share * 100}%`, background: "var(--accent)" }} />
                </td>
                <td>{wholeNumber(visible)}</td>
                <td>{wholeNumber(hidden)}</td>
                <td>{wholeNumber(missing)}</td>
                <td>{percent(share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
