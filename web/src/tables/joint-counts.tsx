// How often each joint is visible, hidden or missing.
import { percent, wholeNumber } from "../parts/numbers.ts";
import type { JointCount } from "../wire.ts";
import styles from "./class-balance.module.css";

export function JointCounts({ column, joints }: { column: string; joints: readonly JointCount[] }) {
  return (
    <section className={styles.balance} aria-label={`Joints in ${column}`}>
      <div className={styles.head}>
        <h2>Joints</h2>
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
