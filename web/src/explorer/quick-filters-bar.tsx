import { sortToText } from "../address/sort.ts";
import { filtersToText } from "../filters/text-form.ts";
import { Tooltip } from "../parts/tooltip.tsx";
import type { Filter, Sort } from "../wire.ts";
import styles from "./toolbar.module.css";
import type { QuickFilter } from "./quick-filters.ts";

interface QuickFiltersBarProps {
  quickFilters: QuickFilter[];
  filters: Filter[];
  sort: readonly Sort[];
  /** Null goes back to all samples. */
  onChoose: (quickFilter: QuickFilter | null) => void;
}

/** One click each to what usually tells why a model fails. */
export function QuickFiltersBar({ quickFilters, filters, sort, onChoose }: QuickFiltersBarProps) {
  const isOn = (one: QuickFilter) =>
    filtersToText(one.filters) === filtersToText(filters) &&
    (one.filters.length > 0 || sortToText(one.sort) === sortToText(sort));
  return (
    <div className={styles.quickFilters} role="group" aria-label="Quick filters">
      {quickFilters.map((one) => (
        <Tooltip key={one.name} content={one.why}>
          <button
            type="button"
            className={styles.quickFilter}
            aria-pressed={isOn(one)}
            onClick={() => onChoose(isOn(one) ? null : one)}
          >
            {one.name}
          </button>
        </Tooltip>
      ))}
    </div>
  );
}
