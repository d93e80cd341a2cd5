// Above the samples: which collection, how many of it, by which filters, and what to do with them.
import { PanelLeft, PanelRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { Select } from "../parts/select.tsx";
import type { MetricsSource, Source, SourceInfo, SourceRow, Sort } from "../wire.ts";
import styles from "./toolbar.module.css";
import { FilterChips } from "./filter-chips.tsx";
import type { Selection } from "../data/selection.ts";
import { SelectionMenu } from "./selection-menu.tsx";
import { EpochPlayer } from "./epoch-player.tsx";
import type { Filters } from "./use-filters.ts";
import type { Way } from "./ways.ts";
import { QuickFiltersBar } from "./quick-filters-bar.tsx";

/** Whether there are filters and a map beside the images. */
interface Panes {
  filters: boolean;
  map: boolean;
}

interface ToolbarProps {
  info: SourceInfo;
  wanted: Source;
  sources: SourceRow[];
  moments: SourceRow[];
  onSource: (source: MetricsSource) => void;
  /** Whether what is shown is what is wanted. */
  ready: boolean;
  filters: Filters;
  sort: readonly Sort[];
  onSort: (sort: Sort[] | null) => void;
  ways: Way[];
  count: number | null;
  selection: Selection;
  onFilterSelected: () => void;
  onSelect: (selected: ReadonlySet<number>) => void;
  actions?: (selection: Selection) => ReactNode;
  panes: Panes;
  onPanes: (panes: Partial<Panes>) => void;
}

export function Toolbar(props: ToolbarProps) {
  const { info, wanted, filters, count, selection, actions } = props;
  const onWay = (way: Way | null) => {
    if (!way) return filters.set([]);
    filters.set(way.filters, way.sort);
  };
  return (
    <div className={styles.bar}>
      {wanted.kind === "metrics" && <SourceSelects {...props} source={wanted} />}
      <span className={styles.count} data-preview={filters.isMoving || !props.ready || undefined} role="status">
        <strong>{count === null ? "…" : wholeNumber(count)}</strong>{" "}
        <span>
          of {wholeNumber(info.rows)} {info.rows === 1 ? "sample" : "samples"}
        </span>
      </span>
      <FilterChips
        filters={filters.settled}
        columns={info.columns}
        canUndo={filters.canUndo}
        onFilters={filters.set}
        onUndo={filters.undo}
      />
      <span className={styles.end}>
        {selection.selected.length > 0 && <SelectedSamples {...props} />}
        {actions?.(selection)}
        <PaneToggles {...props} />
        <SelectionMenu selection={selection} title={info.title} />
      </span>
      {props.ways.length > 0 && (
        <div className={styles.second}>
          <QuickFiltersBar ways={props.ways} filters={filters.settled} sort={props.sort} onWay={onWay} />
        </div>
      )}
    </div>
  );
}

/** Which panes there are beside the images. */
function PaneToggles({ panes, onPanes }: ToolbarProps) {
  return (
    <span className={styles.toggles}>
      <IconButton label="Filters" small pressed={panes.filters} onClick={() => onPanes({ filters: !panes.filters })}>
        <PanelLeft size={14} />
      </IconButton>
      <IconButton label="Scatter" small pressed={panes.map} onClick={() => onPanes({ map: !panes.map })}>
        <PanelRight size={14} />
      </IconButton>
    </span>
  );
}

function SelectedSamples({ selection, onFilterSelected, onSelect }: ToolbarProps) {
  return (
    <span className={styles.selected} role="status">
      <strong>{wholeNumber(selection.selected.length)}</strong> selected
      <Button look="quiet" small onClick={onFilterSelected}>
        Show only these
      </Button>
      <Button look="quiet" small onClick={() => onSelect(new Set())}>
        Clear selection
      </Button>
    </span>
  );
}

/** Which split of the run, and when. */
function SourceSelects({ sources, moments, onSource, ready, source }: ToolbarProps & { source: MetricsSource }) {
  const groups = groupsOf(sources);
  const own = keyOf(source);
  const choose = (key: string) => {
    const group = groups.find((one) => one.key === key)?.rows ?? [];
    const same = group.find((row) => (row.source.epoch ?? null) === (source.epoch ?? null));
    const next = same ?? group.at(-1);
    if (next) onSource(next.source);
  };
  return (
    <>
      {groups.length > 1 ? (
        <Select
          label="Split"
          hideLabel
          value={own}
          options={groups.map(({ key, label }) => ({ value: key, label }))}
          onChange={choose}
        />
      ) : (
        <strong>{groups[0]?.label}</strong>
      )}
      <EpochPlayer moments={moments} source={source} onSource={onSource} ready={ready} />
    </>
  );
}

interface Group {
  key: string;
  label: string;
  rows: SourceRow[];
}

/** Collections by what they are of: split, table and stream, as far as these differ. */
function groupsOf(sources: SourceRow[]): Group[] {
  const groups = new Map<string, Group>();
  const streams = new Set(sources.map(({ source }) => source.stream));
  const splits = new Map<string, Set<unknown>>();
  for (const { source } of sources) {
    const split = source.split ?? "samples";
    splits.set(split, (splits.get(split) ?? new Set()).add(source.input_table_id));
  }
  for (const row of sources) {
    const key = keyOf(row.source);
    const split = row.source.split ?? "samples";
    const table = (splits.get(split)?.size ?? 0) > 1 ? ` · ${row.table?.table ?? row.source.input_table_id}` : "";
    const stream = streams.size > 1 ? ` · ${row.source.stream}` : "";
    const group = groups.get(key) ?? { key, label: `${split}${table}${stream}`, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function keyOf(source: MetricsSource): string {
  return JSON.stringify([source.stream, source.split ?? null, source.input_table_id ?? null]);
}
