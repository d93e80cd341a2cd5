import { colorOf } from "../charts/colors.ts";
import { Counts } from "../charts/counts.tsx";
import type { Bins } from "../data/bins.ts";
import type { Column, Filter } from "../wire.ts";
import { valueName } from "./words.ts";

interface CategoryFilterProps {
  column: Column;
  bins: Bins;
  totals: ArrayLike<number> | undefined;
  counts: ArrayLike<number> | undefined;
  filter: Filter | null;
  /** Whether the points have the colours of this column. */
  colored: boolean;
  onFilter: (filter: Filter | null) => void;
}

/** Each class with how many samples have it. */
export function CategoryFilter(props: CategoryFilterProps) {
  const { column, bins, totals, counts, filter, colored, onFilter } = props;
  const chosen = filter?.kind === "one_of" ? filter.values.map(toNumber) : [];
  const ids = [...((bins.values ?? []) as number[]), null];
  const values = ids.map((value, place) => {
    const category = column.categories?.find(({ id }) => id === value);
    return {
      value,
      name: valueName(value, column),
      color: colored && category ? colorOf(category, place) : null,
      total: totals?.[place] ?? 0,
      count: counts?.[place] ?? null,
    };
  });
  const isBool = column.role === "bool";
  return (
    <Counts
      label={column.name}
      values={values.filter(({ value, total }) => value !== null || total > 0)}
      chosen={chosen}
      onChoose={(taken) => {
        const written = taken.map((value) => (isBool && value !== null ? value === 1 : value));
        onFilter(taken.length ? { kind: "one_of", column: column.name, values: written } : null);
      }}
    />
  );
}

function toNumber(value: string | number | boolean | null): number | null {
  return value === null ? null : Number(value);
}
