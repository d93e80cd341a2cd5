import { ChartColumnIncreasing } from "lucide-react";
import { useEffect, useState } from "react";
import type { Range } from "../charts/brush.ts";
import { Histogram } from "../charts/histogram.tsx";
import { histogramFigure } from "../charts/figure/histogram.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { ofKind } from "../filters/filter-kind.ts";
import { IconButton } from "../parts/button.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { CardTools } from "./filter-card.tsx";
import type { CountedFilterProps } from "./filter-props.ts";
import { histogramOfFilter } from "./filter-figures.ts";
import styles from "./filters.module.css";

interface NumberFilterProps extends CountedFilterProps {
  /** Names of the columns whose counts are logarithmic. */
  log: readonly string[];
  onLog: (names: string[]) => void;
}

/** A histogram with a brush, and its ends as exact numbers. */
export function NumberFilter(props: NumberFilterProps) {
  const { column, bins, totals, counts, filter, onFilter } = props;
  const log = props.log.includes(column.name);
  const own = ofKind(filter, "range");
  const range = own && { low: own.low ?? null, high: own.high ?? null };
  const set = (next: Range | null, done: boolean) => {
    const isAll = !next || (next.low === null && next.high === null);
    onFilter(isAll ? null : { kind: "range", column: column.name, ...next }, done);
  };
  const missing = totals?.[bins.count] ?? 0;
  const edges = bins.edges ?? [];
  return (
    <>
      <CardTools>
        <LogToggle {...props} />
        {totals && (
          <SaveChart
            title={column.name}
            figure={(resolveColor) => histogramFigure(histogramOfFilter({ column, edges, totals, counts: counts ?? null, range, log }), resolveColor)}
          />
        )}
      </CardTools>
      {totals ? (
        <Histogram
          label={column.name}
          edges={edges}
          totals={totals}
          counts={counts ?? null}
          log={log}
          range={range}
          whole={column.kind === "int"}
          onRange={set}
        />
      ) : (
        <div className={styles.waiting} />
      )}
      <div className={styles.exact}>
        <Exact label={`${column.name} at least`} value={range?.low ?? null} placeholder="min" onChange={(low) => set({ low, high: range?.high ?? null }, true)} />
        <span aria-hidden>–</span>
        <Exact label={`${column.name} at most`} value={range?.high ?? null} placeholder="max" onChange={(high) => set({ low: range?.low ?? null, high }, true)} />
        {missing > 0 && <span className={styles.missing}>{wholeNumber(missing)} missing</span>}
      </div>
    </>
  );
}

function LogToggle({ column, log, onLog }: NumberFilterProps) {
  const isOn = log.includes(column.name);
  return (
    <IconButton
      label={`Logarithmic counts of ${column.name}`}
      small
      pressed={isOn}
      onClick={() => onLog(isOn ? log.filter((name) => name !== column.name) : [...log, column.name])}
    >
      <ChartColumnIncreasing size={13} />
    </IconButton>
  );
}

interface ExactProps {
  label: string;
  value: number | null;
  placeholder: string;
  onChange: (value: number | null) => void;
}

/** Takes effect with Enter or when it is left; what is no number is put back. */
function Exact({ label, value, placeholder, onChange }: ExactProps) {
  const written = value === null ? "" : String(value);
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  const commit = () => {
    if (text.trim() === written) return;
    const number = Number(text.replace(",", "."));
    if (text.trim() === "") onChange(null);
    else if (Number.isFinite(number)) onChange(number);
    else setText(written);
  };
  return (
    <input
      className={styles.number}
      aria-label={label}
      inputMode="decimal"
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
