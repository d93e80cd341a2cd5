import { useEffect, useState } from "react";
import type { Range } from "../charts/brush.ts";
import { Histogram } from "../charts/histogram.tsx";
import type { Bins } from "../data/bins.ts";
import { wholeNumber } from "../parts/numbers.ts";
import type { Column, Filter } from "../wire.ts";
import styles from "./filters.module.css";

interface NumberFilterProps {
  column: Column;
  bins: Bins;
  totals: ArrayLike<number> | undefined;
  counts: ArrayLike<number> | undefined;
  filter: Filter | null;
  log: boolean;
  onFilter: (filter: Filter | null, done: boolean) => void;
}

/** A histogram with a brush, and its ends as exact numbers. */
export function NumberFilter(props: NumberFilterProps) {
  const { column, bins, totals, counts, filter, log, onFilter } = props;
  const range = filter?.kind === "range" ? { low: filter.low ?? null, high: filter.high ?? null } : null;
  const set = (next: Range | null, done: boolean) => {
    const isAll = !next || (next.low === null && next.high === null);
    onFilter(isAll ? null : { kind: "range", column: column.name, ...next }, done);
  };
  const missing = totals?.[bins.count] ?? 0;
  const edges = bins.edges ?? [];
  return (
    <>
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
