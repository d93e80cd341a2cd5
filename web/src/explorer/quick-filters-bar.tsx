import { sortToText } from "../address/sort.ts";
import { filtersToText } from "../filters/text-form.ts";
import { Tooltip } from "../parts/tooltip.tsx";
import type { Filter, Sort } from "../wire.ts";
import styles from "./toolbar.module.css";
import type { Way } from "./ways.ts";

interface QuickFiltersBarProps {
  ways: Way[];
  filters: Filter[];
  sort: readonly Sort[];
  /** Null goes back to all samples. */
  onWay: (way: Way | null) => void;
}

/** One click each to what usually tells why a model fails. */
export function QuickFiltersBar({ ways, filters, sort, onWay }: QuickFiltersBarProps) {
  if (ways.length === 0) return null;
  const isOn = (way: Way) =>
    filtersToText(way.filters) === filtersToText(filters) &&
    (way.filters.length > 0 || sortToText(way.sort) === sortToText(sort));
  return (
    <div className={styles.ways} role="group" aria-label="Ways to look">
      {ways.map((way) => (
        <Tooltip key={way.name} content={way.why}>
          <button
            type="button"
            className={styles.way}
            aria-pressed={isOn(way)}
            onClick={() => onWay(isOn(way) ? null : way)}
          >
            {way.name}
          </button>
        </Tooltip>
      ))}
    </div>
  );
}
