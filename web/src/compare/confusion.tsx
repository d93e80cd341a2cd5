// Which class was taken for which; a cell selects its samples.
import { post } from "../api.ts";
import { sourceKey } from "../address/other-source.ts";
import { useResource } from "../data/use-resource.ts";
import { Button } from "../parts/button.tsx";
import { classes } from "../parts/classes.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { Confusion, MetricsSource } from "../wire.ts";
import { type Cell, cellsOf, namesOf, occurring, sameCell } from "./cells.ts";
import styles from "./confusion.module.css";
import type { Side } from "./changes.ts";

interface ConfusionViewProps {
  sources: Record<Side, MetricsSource>;
  side: Side;
  onSide: (side: Side) => void;
  /** Predictions below it do not count. */
  confidence: number;
  /** Ids of the samples that count, on that side; null for all. */
  only: readonly number[] | null;
  cell: Cell | null;
  onCell: (cell: Cell) => void;
}

const MANY = 24;

export function ConfusionView(props: ConfusionViewProps) {
  const { sources, side, onSide, confidence, only } = props;
  const source = sources[side];
  const confusion = useResource(
    `${sourceKey(source)} ${confidence} ${only ?? ""}`,
    (signal) => {
      const filters = only ? [{ kind: "rows", example_ids: only }] : [];
      return post<Confusion>("/api/confusion", { source, confidence, filters }, signal);
    },
    { keep: true },
  );
  return (
    <div className={styles.confusion}>
      <div className={styles.tools}>
        <span className={styles.choice} role="group" aria-label="Side">
          {(["before", "after"] as const).map((one) => (
            <Button key={one} small pressed={side === one} onClick={() => onSide(one)}>
              {one === "before" ? "Before" : "After"}
            </Button>
          ))}
        </span>
        <span>Rows are ground truth, columns are predictions. A cell shows its samples.</span>
      </div>
      <Loaded resource={confusion}>
        {(data) =>
          occurring(data).length ? (
            <Matrix {...props} confusion={data} />
          ) : (
            <EmptyState title="No class occurs here">
              Nothing is labelled, and nothing is predicted with such a confidence.
            </EmptyState>
          )
        }
      </Loaded>
    </div>
  );
}

function Matrix({ confusion, cell, onCell }: ConfusionViewProps & { confusion: Confusion }) {
  const names = namesOf(confusion);
  const cells = cellsOf(confusion);
  const lines = occurring(confusion);
  return (
    // biome-ignore lint: what scrolls can be reached by the keyboard
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Confusion matrix">
      <table className={classes(styles.matrix, lines.length > MANY && styles.many)}>
        <thead>
          <tr>
            <td />
            {lines.map((column) => (
              <th key={column} scope="col" title={names[column]}>
                <span>{names[column]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((row) => (
            <tr key={row}>
              <th scope="row" title={names[row]}>
                {names[row]}
              </th>
              {lines.map((column) => {
                const one = cells[row]?.[column];
                return (
                  one && (
                    <td key={column}>
                      <button
                        type="button"
                        className={styles.cell}
                        disabled={!one.count}
                        aria-pressed={sameCell(cell, one.cell)}
                        aria-label={`${names[row]} taken for ${names[column]}: ${one.count}`}
                        title={`${names[row]} → ${names[column]}: ${one.count}`}
                        style={{ background: colorOf(one.share, row === column) }}
                        onClick={() => onCell(one.cell)}
                      >
                        {one.count || ""}
                      </button>
                    </td>
                  )
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Right ones in the colour of what is good, wrong ones in that of what is not; as strong as often. */
function colorOf(share: number, isRight: boolean): string | undefined {
  if (share === 0) return undefined;
  const strength = Math.round(10 + 50 * Math.sqrt(share));
  return `color-mix(in srgb, var(${isRight ? "--good" : "--danger"}) ${strength}%, var(--panel))`;
}
