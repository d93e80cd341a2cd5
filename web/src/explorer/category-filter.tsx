import { colorOf } from "../charts/scales/colors.ts";
import { Counts } from "../charts/counts.tsx";
import { countFigure } from "../charts/figure/counts.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { CardTools } from "./filter-card.tsx";
import type { CountedFilterProps } from "./filter-props.ts";
import { countsOfFilter } from "./filter-figures.ts";
import { ofKind } from "../filters/filter-kind.ts";
import { valueName } from "../filters/names.ts";

interface CategoryFilterProps extends CountedFilterProps {
  /** Whether the points have the colours of this column. */
  colored: boolean;
}

/** Each class with how many samples have it. */
export function CategoryFilter(props: CategoryFilterProps) {
  const { column, bins, totals, counts, filter, colored, onFilter } = props;
  const chosen = ofKind(filter, "one_of")?.values.map(toNumber) ?? [];
  const ids = [...((bins.values ?? []) as number[]), null];
  const all = ids.map((value, place) => {
    const category = column.categories?.find(({ id }) => id === value);
    return {
      value,
      name: valueName(value, column),
      color: colored && category ? colorOf(category, place) : null,
      total: totals?.[place] ?? 0,
      count: counts?.[place] ?? null,
    };
  });
  const values = all.filter(({ value, total }) => value !== null || total > 0);
  const isBool = column.role === "bool";
  return (
    <>
      <CardTools>
        <SaveChart title={column.name} figure={(resolveColor) => countFigure(countsOfFilter(column.name, values), resolveColor)} />
      </CardTools>
      <Counts
        label={column.name}
        values={values}
        chosen={chosen}
        onChoose={(taken) => {
          const written = taken.map((value) => (isBool && value !== null ? value === 1 : value));
          onFilter(taken.length ? { kind: "one_of", column: column.name, values: written } : null);
        }}
      />
    </>
  );
}

function toNumber(value: string | number | boolean | null): number | null {
  return value === null ? null : Number(value);
}
