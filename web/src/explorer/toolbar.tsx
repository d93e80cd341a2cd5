// Above the samples: which collection, how many of it, by which filters, and what to do with them.
import { PanelLeft, PanelRight } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Selection } from "../data/selection.ts";
import { versionKey } from "../data/source-info.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import type { MetricsSource, Source, SourceRow } from "../wire.ts";
import { FilterChips } from "./filter-chips.tsx";
import { quickFilters } from "./quick-filters.ts";
import { QuickFiltersBar } from "./quick-filters-bar.tsx";
import { SelectionMenu } from "./selection-menu.tsx";
import { SourceSelects } from "./source-selects.tsx";
import styles from "./toolbar.module.css";
import { type ExplorerState, matchingCount, selectionOf } from "./use-explorer.ts";
import type { OpenPanes } from "./use-panes.ts";

interface ToolbarProps {
  explorer: ExplorerState;
  /** The source that is asked for: the one that is shown, or the next one. */
  wanted: Source;
  sources: SourceRow[];
  moments: SourceRow[];
  onSource: (source: MetricsSource) => void;
  /** Buttons that do something with the selection. */
  actions?: (selection: Selection) => ReactNode;
  panes: OpenPanes;
  onPanes: (panes: Partial<OpenPanes>) => void;
}

export function Toolbar(props: ToolbarProps) {
  const { explorer, wanted, sources, moments, onSource, actions } = props;
  const { info, filters } = explorer;
  const selection = selectionOf(explorer);
  const isShown = JSON.stringify(wanted) === JSON.stringify(info.source);
  const ready = isShown && explorer.filterState?.key === versionKey(info);
  return (
    <div className={styles.bar}>
      {wanted.kind === "metrics" && <SourceSelects {...{ sources, moments, onSource, ready }} source={wanted} />}
      <Count explorer={explorer} ready={ready} />
      <FilterChips
        filters={filters.settled}
        columns={info.columns}
        canUndo={filters.canUndo}
        onFilters={filters.set}
        onUndo={filters.undo}
      />
      <span className={styles.end}>
        {selection.selected.length > 0 && <Selected explorer={explorer} ids={selection.selected} />}
        {actions?.(selection)}
        <PaneToggles {...props} />
        <SelectionMenu selection={selection} title={info.title} />
      </span>
      <QuickFilters explorer={explorer} />
    </div>
  );
}

/** How many samples match; faintly while it is not known for sure. */
function Count({ explorer, ready }: { explorer: ExplorerState; ready: boolean }) {
  const { info, filters } = explorer;
  const count = matchingCount(explorer);
  return (
    <span className={styles.count} data-preview={filters.isMoving || !ready || undefined} role="status">
      <strong>{count === null ? "…" : wholeNumber(count)}</strong>{" "}
      <span>
        of {wholeNumber(info.rows)} {info.rows === 1 ? "sample" : "samples"}
      </span>
    </span>
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

/** How many samples are selected by hand. */
function Selected({ explorer: { filters, selection }, ids }: { explorer: ExplorerState; ids: number[] }) {
  return (
    <span className={styles.selected} role="status">
      <strong>{wholeNumber(ids.length)}</strong> selected
      <Button variant="quiet" small onClick={() => filters.set([{ kind: "rows", example_ids: ids }])}>
        Show only these
      </Button>
      <Button variant="quiet" small onClick={() => selection.select(new Set())}>
        Clear selection
      </Button>
    </span>
  );
}

function QuickFilters({ explorer: { info, filters, sort } }: { explorer: ExplorerState }) {
  const all = useMemo(() => quickFilters(info), [info]);
  if (!all.length) return null;
  return (
    <div className={styles.second}>
      <QuickFiltersBar
        quickFilters={all}
        filters={filters.settled}
        sort={sort}
        onChoose={(next) => (next ? filters.set(next.filters, next.sort) : filters.set([]))}
      />
    </div>
  );
}
