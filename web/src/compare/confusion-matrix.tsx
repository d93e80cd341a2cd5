// Which class was taken for which; a cell selects its samples.
import { post } from "../api.ts";
import { sourceKey, sourceName } from "../address/other-source.ts";
import { hex, mixColors, rgb } from "../charts/scales/colors.ts";
import { matrixFigure } from "../charts/figure/matrix.ts";
import type { ResolveColor } from "../charts/figure/figure.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { Subject } from "../charts/subject.ts";
import { useResource } from "../data/use-resource.ts";
import { Button } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import { countWith, shortNumber } from "../parts/numbers.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { Confusion, MetricsSource } from "../wire.ts";
import { type Cell, type CountedCell, cellsOf, namesOf, occurring, sameCell, strengthOf } from "./confusion-cells.ts";
import styles from "./confusion-matrix.module.css";
import type { Side } from "./changes.ts";

interface ConfusionMatrixProps {
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

export function ConfusionMatrix(props: ConfusionMatrixProps) {
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
        <span className={styles.words}>Rows are ground truth, columns are predictions. A cell shows its samples.</span>
        {confusion.data && <SaveMatrix confusion={confusion.data} {...{ source, confidence, only }} />}
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

function Matrix({ confusion, cell, onCell }: ConfusionMatrixProps & { confusion: Confusion }) {
  const names = namesOf(confusion);
  const cells = cellsOf(confusion);
  const lines = occurring(confusion);
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Confusion matrix">
      <table className={classNames(styles.matrix, lines.length > MANY && styles.many)}>
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
                        style={{ background: colorOf(one, row === column) }}
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

interface SaveMatrixProps {
  confusion: Confusion;
  source: MetricsSource;
  confidence: number;
  only: readonly number[] | null;
}

/** Only classes that occur, as on the screen. */
function SaveMatrix({ confusion, source, confidence, only }: SaveMatrixProps) {
  const title = "Confusion matrix";
  const names = namesOf(confusion);
  const cells = cellsOf(confusion);
  const lines = occurring(confusion);
  if (!lines.length) return null;
  const least = `confidence ≥ ${shortNumber(confidence)}`;
  const figure = (resolveColor: ResolveColor) => {
    const shade = (one: CountedCell, isRight: boolean) =>
      hex(mixColors(rgb(resolveColor("--panel")), rgb(resolveColor(tokenOf(isRight))), strengthOf(one)));
    return matrixFigure(
      {
        title,
        note: only ? `${countWith(only.length, "sample")} · ${least}` : least,
        names: lines.map((at) => names[at] as string),
        cells: lines.map((row) =>
          lines.map((column) => {
            const one = cells[row]?.[column] as CountedCell;
            return { count: one.count, color: shade(one, row === column) };
          }),
        ),
        rowName: "ground truth",
        columnName: "prediction",
      },
      resolveColor,
    );
  };
  return (
    <Subject value={sourceName(source)}>
      <SaveChart title={title} figure={figure} />
    </Subject>
  );
}

/** Right ones in the colour of what is good, wrong ones in that of what is not. */
function tokenOf(isRight: boolean): string {
  return isRight ? "--good" : "--danger";
}

/** As strong as often. */
function colorOf(one: CountedCell, isRight: boolean): string | undefined {
  if (one.count === 0) return undefined;
  return `color-mix(in srgb, var(${tokenOf(isRight)}) ${Math.round(100 * strengthOf(one))}%, var(--panel))`;
}
