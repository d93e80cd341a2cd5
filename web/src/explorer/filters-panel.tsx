// One filter per column, linked to each other.
import { Search } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { binsOf } from "../data/bins.ts";
import { slotOf } from "../filters/slots.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { Filter, SourceInfo } from "../wire.ts";
import { CategoryFilter } from "./category-filter.tsx";
import { FilterCard } from "./filter-card.tsx";
import styles from "./filters.module.css";
import { filterables, type Filterable } from "./filterables.ts";
import { InstancesFilter } from "./instances-filter.tsx";
import { NumberFilter } from "./number-filter.tsx";
import { TextFilter } from "./text-filter.tsx";
import type { FilterState } from "./use-filter-engine.ts";

interface FiltersPanelProps {
  info: SourceInfo;
  filters: Filter[];
  filterState: FilterState | null;
  log: readonly string[];
  colour: string;
  open: ReadonlySet<string>;
  onOpen: (slot: string, open: boolean) => void;
  /** `done` is false while a brush moves. */
  onFilter: (slot: string, filter: Filter | null, done: boolean) => void;
  onLog: (names: string[]) => void;
}

export function FiltersPanel(props: FiltersPanelProps) {
  const { info, filters, open, onOpen, onFilter } = props;
  const [search, setSearch] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "f", description: "Search the filters", group: "Samples", run: () => input.current?.focus() },
  ]);
  const all = useMemo(() => filterables(info), [info]);
  const found = all.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <div className={styles.panel}>
      <div className={styles.search}>
        <Search size={14} aria-hidden />
        <input
          ref={input}
          aria-label="Search the filters"
          placeholder={`Search ${all.length} columns`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <kbd aria-hidden>f</kbd>
      </div>
      <div className={styles.cards}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2 className={styles.group}>{group}</h2>
            {found
              .filter((one) => one.group === group)
              .map((one) => {
                const filter = filters.find((each) => slotOf(each) === one.slot) ?? null;
                return (
                  <FilterCard
                    key={one.slot}
                    name={one.title}
                    hint={one.column.description}
                    open={open.has(one.slot) || filter !== null}
                    onOpen={(isOpen) => onOpen(one.slot, isOpen)}
                    active={filter !== null}
                    onClear={() => onFilter(one.slot, null, true)}
                  >
                    <Body {...props} one={one} filter={filter} />
                  </FilterCard>
                );
              })}
          </section>
        ))}
        {found.length === 0 && <p className={styles.none}>No matching column.</p>}
      </div>
    </div>
  );
}

function Body(props: FiltersPanelProps & { one: Filterable; filter: Filter | null }) {
  const { info, filters, filterState, log, colour, one, filter, onFilter, onLog } = props;
  const { column, slot, property, categories } = one;
  const bins = binsOf(column);
  const own = { column, filter, onFilter: (next: Filter | null, done = true) => onFilter(slot, next, done) };
  if (categories) return <InstancesFilter {...own} {...{ info, property, categories, filters }} title={one.title} />;
  if (!bins) return <TextFilter {...own} />;
  const counted = { ...own, bins, totals: filterState?.totals[column.name], counts: filterState?.counts[column.name] };
  return bins.edges ? (
    <NumberFilter {...counted} log={log} onLog={onLog} />
  ) : (
    <CategoryFilter {...counted} colored={colour === column.name} />
  );
}
