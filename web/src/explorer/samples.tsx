// The explorer of one source, whose information is there.
import { type ReactNode, useCallback, useRef } from "react";
import { useLocation } from "wouter";
import { sourceName } from "../address/other-source.ts";
import { Subject } from "../charts/subject.ts";
import type { Selection } from "../data/selection.ts";
import type { Cursor } from "../grid/use-cursor.ts";
import type { MetricsSource, Source, SourceInfo, SourceRow } from "../wire.ts";
import { FiltersPanel } from "./filters-panel.tsx";
import { ListPane } from "./list-pane.tsx";
import { colourOf } from "./look.ts";
import { Panes } from "./panes.tsx";
import { samplePage } from "./sample-address.ts";
import { SampleTooltip } from "./sample-tooltip.tsx";
import styles from "./samples.module.css";
import { ScatterPane } from "./scatter-pane.tsx";
import { Toolbar } from "./toolbar.tsx";
import { type ExplorerState, useExplorer } from "./use-explorer.ts";
import { usePanes } from "./use-panes.ts";
import { useSampleShortcuts } from "./use-sample-shortcuts.ts";

interface SamplesProps {
  info: SourceInfo;
  /** The source that is asked for: the one of `info`, or the next one, which is on its way. */
  wanted: Source;
  sources: SourceRow[];
  moments: SourceRow[];
  onSource: (source: MetricsSource) => void;
  actions?: (selection: Selection) => ReactNode;
}

export function Samples({ info, wanted, sources, moments, onSource, actions }: SamplesProps) {
  const explorer = useExplorer(info, moments);
  const root = useRef<HTMLDivElement>(null);
  const cursor = useRef<Cursor | null>(null);
  const { isNarrow, panes, setPanes } = usePanes(root, explorer.look, explorer.setLook);
  useSampleShortcuts(explorer, (by) => cursor.current?.move(by));
  return (
    <div ref={root} className={styles.samples}>
      <Toolbar {...{ explorer, wanted, sources, moments, onSource, actions, panes }} onPanes={setPanes} />
      <Subject value={sourceName(info.source)}>
        <Panes
          isNarrow={isNarrow}
          panel={panes.filters ? <LeftPane explorer={explorer} /> : null}
          map={panes.map ? <RightPane explorer={explorer} /> : null}
          centre={<MiddlePane explorer={explorer} cursor={cursor} />}
        />
      </Subject>
    </div>
  );
}

interface PaneProps {
  explorer: ExplorerState;
}

function LeftPane({ explorer }: PaneProps) {
  const { info, look, setLook, filters, openFilters, filterState, sort } = explorer;
  return (
    <FiltersPanel
      info={info}
      filters={filters.shown}
      filterState={filterState}
      log={look.log}
      colour={colourOf(info, look, sort)}
      open={openFilters.open}
      onOpen={openFilters.setOpen}
      onFilter={filters.setOne}
      onLog={(log) => setLook({ log })}
    />
  );
}

function MiddlePane({ explorer, cursor }: PaneProps & { cursor: { current: Cursor | null } }) {
  const { info, look, setLook, filters, sort, samples, selection, marks } = explorer;
  const [, go] = useLocation();
  const onOpen = useCallback(
    (id: number) => go(samplePage(info.source, id, filters.settled, sort)),
    [go, info.source, filters.settled, sort],
  );
  return (
    <ListPane
      {...{ info, look, setLook, sort, marks, onOpen }}
      list={samples.list}
      history={samples.history}
      idsOf={samples.idsOf}
      isFiltered={filters.settled.length > 0}
      onClear={() => filters.set([])}
      selected={selection.selected}
      onSelect={selection.select}
      onActive={selection.setActive}
      cursorRef={(now) => {
        cursor.current = now;
      }}
    />
  );
}

function RightPane({ explorer }: PaneProps) {
  const { client, info, look, setLook, filters, filterState, sort, samples, selection, marks } = explorer;
  return (
    <ScatterPane
      {...{ client, info, look, setLook, sort, filterState }}
      ringed={selection.ringed}
      filters={filters.shown}
      onFilter={filters.setOne}
      onSelect={selection.click}
      tip={(id) => <SampleTooltip info={info} exampleId={id} names={samples.caption} marks={marks} />}
    />
  );
}
