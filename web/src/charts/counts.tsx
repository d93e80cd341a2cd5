// Values of a column with how many samples have each; a click takes or leaves one out.
import { Check } from "lucide-react";
import { useState } from "react";
import { Input } from "../parts/input.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import styles from "./counts.module.css";

export interface CountedValue<V> {
  value: V;
  name: string;
  color: string | null;
  total: number;
  /** Null while it is counted. */
  count: number | null;
}

interface CountsProps<V> {
  label: string;
  values: CountedValue<V>[];
  /** Values that are taken; empty takes all. */
  chosen: readonly V[];
  onChoose: (values: V[]) => void;
}

const FEW = 7;

export function Counts<V extends string | number | boolean | null>(props: CountsProps<V>) {
  const { label, values, chosen, onChoose } = props;
  const [all, setAll] = useState(false);
  const [search, setSearch] = useState("");
  const sorted = [...values].sort((a, b) => b.total - a.total);
  const found = sorted.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const isLong = values.length > FEW + 1;
  const first = isLong && !all ? found.slice(0, FEW) : found;
  const more = found.filter((one) => !first.includes(one) && chosen.includes(one.value));
  const most = Math.max(1, ...values.map(({ total }) => total));
  const toggle = (value: V) =>
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <div className={styles.counts} role="group" aria-label={label}>
      {isLong && all && (
        <Input
          label={`Search in ${label}`}
          hideLabel
          placeholder="Search"
          value={search}
          onChange={setSearch}
          className={styles.search}
        />
      )}
      <div className={all ? styles.scroll : undefined}>
        {[...first, ...more].map((one) => (
          <Row
            key={String(one.value)}
            one={one}
            most={most}
            isChosen={chosen.includes(one.value)}
            isFaint={chosen.length > 0 && !chosen.includes(one.value)}
            onToggle={() => toggle(one.value)}
          />
        ))}
      </div>
      {isLong && (
        <button type="button" className={styles.more} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${values.length}`}
        </button>
      )}
    </div>
  );
}

interface RowProps<V> {
  one: CountedValue<V>;
  most: number;
  isChosen: boolean;
  isFaint: boolean;
  onToggle: () => void;
}

function Row<V>({ one, most, isChosen, isFaint, onToggle }: RowProps<V>) {
  const share = (count: number) => `${(count / most) * 100}%`;
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={isChosen}
      aria-label={`${one.name}, ${one.count ?? one.total} of ${one.total}`}
      title={one.name}
      className={styles.row}
      data-faint={isFaint || undefined}
      onClick={onToggle}
    >
      <span className={styles.box} data-on={isChosen || undefined}>
        {isChosen && <Check size={11} strokeWidth={3} />}
      </span>
      {one.color && <span className={styles.dot} style={{ background: one.color }} />}
      <span className={styles.name}>{one.name}</span>
      <span className={styles.bar}>
        <span className={styles.total} style={{ width: share(one.total) }} />
        <span className={styles.count} style={{ width: share(one.count ?? 0) }} />
      </span>
      <span className={styles.number}>{wholeNumber(one.count ?? one.total)}</span>
    </button>
  );
}
