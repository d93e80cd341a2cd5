// One filter per column, linked to each other.
import { ChartColumnIncreasing, Search } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { binsOf } from "../data/bins.ts";
import { slotOf } from "../data/masks.ts";
import { IconButton } from "../parts/button.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { Column, Filter, SourceInfo } from "../wire.ts";
import { CategoryFilter } from "./category-filter.tsx";
import { FilterCard } from "./filter-card.tsx";
import styles from "./filters.module.css";
import { filterables, type Filterable } from "./filterables.ts";
import { InstancesFilter } from "./instances-filter.tsx";
import { NumberFilter } from "./number-filter.tsx";
import { TextFilter } from "./text-filter.tsx";
import type { DeskState } from "./use-desk.ts";

interface FiltersPanelProps {
  info: SourceInfo;
  filters: Filter[];
  desk: DeskState | null;
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
                    tools={<LogToggle {...props} column={one.column} />}
                  >
                    <Body {...props} one={one} filter={filter} />
                  </FilterCard>
                );
              })}
          </section>
        ))}
        {found.length === 0 && <p className={styles.none}>No column is named so.</p>}
      </div>
    </div>
  );
}

function LogToggle({ column, log, onLog }: { column: Column; log: readonly string[]; onLog: (names: string[]) => void }) {
  if (column.role !== "number") return null;
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

function Body(props: FiltersPanelProps & { one: Filterable; filter: Filter | null }) {
  const { info, filters, desk, log, colour, one, filter, onFilter } = props;
  const { column, slot, property, categories } = one;
  const bins = binsOf(column);
  const counted = { totals: desk?.totals[column.name], counts: desk?.counts[column.name] };
  const set = (next: Filter | null, done = true) => onFilter(slot, next, done);
  if (categories) {
    return (
      <InstancesFilter
        info={info}
        column={column}
        property={property}
        categories={categories}
        filters={filters}
        filter={filter}
        onFilter={set}
      />
    );
  }
  if (!bins) return <TextFilter column={column} filter={filter} onFilter={set} />;
  if (bins.edges) {
    return (
      <NumberFilter
        column={column}
        bins={bins}
        {...counted}
        filter={filter}
        log={log.includes(column.name)}
        onFilter={set}
      />
    );
  }
  return (
    <CategoryFilter
      column={column}
      bins={bins}
      {...counted}
      filter={filter}
      colored={colour === column.name}
      onFilter={set}
    />
  );
}
