// The explorer of one source, whose information is there.
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { complement } from "../filters/all.ts";
import { filtersToText } from "../filters/text-form.ts";
import { sourceName } from "../address/other-source.ts";
import { useQuery } from "../address/query.ts";
import { useSize } from "../parts/use-size.ts";
import { Subject } from "../charts/subject.ts";
import { binsOf } from "../data/bins.ts";
import { useEditMarks } from "../edit/use-edit-marks.ts";
import { drawnColumns } from "../grid/layers-of-rows.ts";
import type { Cursor } from "../grid/use-cursor.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { MetricsSource, Source, SourceInfo, SourceRow } from "../wire.ts";
import { Toolbar } from "./toolbar.tsx";
import type { Selection } from "../data/selection.ts";
import { filterables, openAtFirst } from "./filterables.ts";
import { FiltersPanel } from "./filters-panel.tsx";
import { ListPane } from "./list-pane.tsx";
import { captionOf, colourOf, lookParams, tableColumns } from "./look.ts";
import { ScatterPane } from "./scatter-pane.tsx";
import { Panes } from "./panes.tsx";
import { samplePage } from "./sample-address.ts";
import styles from "./samples.module.css";
import { SampleTooltip } from "./sample-tooltip.tsx";
import { versionKey } from "../data/source-info.ts";
import { useFilterClient, useFilterState } from "./use-filter-engine.ts";
import { useExactCount } from "./use-exact-count.ts";
import { useFilters } from "./use-filters.ts";
import { useMetricHistory } from "./use-metric-history.ts";
import { loadRows } from "../data/load-rows.ts";
import { usePages } from "./use-pages.ts";
import { worstFirst } from "../data/worst-first.ts";
import { waysOf } from "./ways.ts";

interface SamplesProps {
  info: SourceInfo;
  /** The source that is asked for: the one of `info`, or the next one, which is on its way. */
  wanted: Source;
  sources: SourceRow[];
  moments: SourceRow[];
  onSource: (source: MetricsSource) => void;
  actions?: (selection: Selection) => ReactNode;
}

const NARROW = 860;
const MOST_RINGS = 300;

export function Samples({ info, wanted, sources, moments, onSource, actions }: SamplesProps) {
  const [look, setLook] = useQuery(lookParams);
  const filters = useFilters(look.f, setLook);
  const client = useFilterClient();
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  const [selected, setSelected] = useState<ReadonlySet<number>>(NOTHING);
  const [narrow, setNarrow] = useState({ filters: false, map: false });
  const [active, setActive] = useState<number | null>(null);
  const cursor = useRef<Cursor | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const { width } = useSize(root);
  const isNarrow = width > 0 && width < NARROW;
  const panes = isNarrow ? narrow : { filters: look.filters, map: look.map };

  const columnsKey = info.columns.map(({ name }) => name).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: defaults depend on which columns there are
  const open = useMemo(() => {
    const first = new Set(openAtFirst(info));
    return new Set(filterables(info).map(({ slot }) => slot).filter((slot) => opened[slot] ?? first.has(slot)));
  }, [columnsKey, opened]);
  const counted = useMemo(
    () => info.columns.filter((column) => open.has(column.name) && binsOf(column) !== null),
    [info, open],
  );
  const filterState = useFilterState(client, info, filters.shown, counted, filters.isMoving);

  const sort = useMemo(() => look.sort ?? worstFirst(info.columns), [look.sort, info.columns]);
  const caption = useMemo(() => captionOf(info, look, sort), [info, look, sort]);
  const columns = useMemo(() => {
    const shown = look.as === "grid" ? [...drawnColumns(info), ...caption] : tableColumns(info, look).map(({ name }) => name);
    return [...new Set(["example_id", ...shown])];
  }, [info, look, caption]);
  const list = usePages(info, filters.settled, sort, columns);
  const history = useMetricHistory(info, moments, caption[0] ?? null);
  const count = useExactCount(info, filters.settled);
  const marks = useEditMarks(info);
  const ways = useMemo(() => waysOf(info.columns, info.rows), [info]);

  // Another source or other filters: what was selected by hand is no longer what one sees.
  const filtersKey = filtersToText(filters.settled);
  // biome-ignore lint/correctness/useExhaustiveDependencies: picks end with the filters they were made under
  useEffect(() => setSelected(NOTHING), [filtersKey]);

  const [, go] = useLocation();
  const onOpen = useCallback(
    (id: number) => go(samplePage(info.source, id, filters.settled, sort)),
    [go, info.source, filters.settled, sort],
  );
  const idsOf = useCallback(
    async (first: number, last: number) => {
      const known = Array.from({ length: last - first }, (_, at) => list?.pages.row(first + at)?.example_id);
      if (known.every((id) => typeof id === "number")) return known as number[];
      const request = { source: info.source, filters: filters.settled, sort: [...sort], columns: ["example_id"] };
      const { rows } = await loadRows({ ...request, offset: first, limit: Math.min(1000, last - first) });
      return rows.map((row) => row.example_id as number);
    },
    [list, info.source, filters.settled, sort],
  );
  const move = (by: number) => cursor.current?.move(by);
  useShortcuts([
    { keys: "j", description: "Next sample (Enter opens it, Space picks it)", group: "Samples", run: () => move(1) },
    { keys: "k", description: "Previous sample", group: "Samples", run: () => move(-1) },
    { keys: "1", description: "Show images", group: "Samples", run: () => setLook({ as: "grid" }) },
    { keys: "2", description: "Show a table", group: "Samples", run: () => setLook({ as: "rows" }) },
    { keys: "i", description: "Invert all filters", group: "Samples", run: () => filters.set(complement(filters.settled)), disabled: !filters.settled.length },
    { keys: "mod+z", description: "Undo the last filter", group: "Samples", run: filters.undo, disabled: !filters.canUndo },
  ]);

  const ids = [...selected];
  const selection: Selection = {
    source: info.source,
    filters: ids.length ? [{ kind: "rows", example_ids: ids }] : filters.settled,
    selected: ids,
    count: ids.length || count,
  };
  const ringed = useMemo(
    () => [...new Set([...[...selected].slice(0, MOST_RINGS), ...(active === null ? [] : [active])])],
    [selected, active],
  );
  const isCurrent = JSON.stringify(wanted) === JSON.stringify(info.source);
  const panel = (
    <FiltersPanel
      info={info}
      filters={filters.shown}
      filterState={filterState}
      log={look.log}
      colour={colourOf(info, look, sort)}
      open={open}
      onOpen={(slot, isOpen) => setOpened((before) => ({ ...before, [slot]: isOpen }))}
      onFilter={filters.setOne}
      onLog={(log) => setLook({ log })}
    />
  );
  const centre = (
    <ListPane
      info={info}
      look={look}
      setLook={setLook}
      list={list}
      sort={sort}
      history={history}
      marks={marks}
      isFiltered={filters.settled.length > 0}
      onClear={() => filters.set([])}
      selected={selected}
      onSelect={setSelected}
      onOpen={onOpen}
      onActive={setActive}
      idsOf={idsOf}
      cursorRef={(now) => {
        cursor.current = now;
      }}
    />
  );
  const map = (
    <ScatterPane
      client={client}
      info={info}
      look={look}
      setLook={setLook}
      sort={sort}
      filterState={filterState}
      ringed={ringed}
      filters={filters.shown}
      onFilter={filters.setOne}
      onSelect={(id, event) => setSelected((before) => toggleSelected(before, id, event.shiftKey || event.ctrlKey))}
      tip={(id) => <SampleTooltip info={info} exampleId={id} names={caption} marks={marks} />}
    />
  );
  return (
    <div ref={root} className={styles.samples}>
      <Toolbar
        info={info}
        wanted={wanted}
        sources={sources}
        moments={moments}
        onSource={onSource}
        ready={isCurrent && filterState?.key === versionKey(info)}
        filters={filters}
        sort={sort}
        onSort={(next) => setLook({ sort: next })}
        ways={ways}
        count={filters.isMoving ? (filterState?.count ?? null) : (count ?? filterState?.count ?? null)}
        selection={selection}
        onFilterSelected={() => filters.set([{ kind: "rows", example_ids: ids }])}
        onSelect={setSelected}
        actions={actions}
        panes={panes}
        onPanes={(next) => (isNarrow ? setNarrow({ ...narrow, ...next }) : setLook(next))}
      />
      <Subject value={sourceName(info.source)}>
        <Panes isNarrow={isNarrow} panel={panes.filters ? panel : null} map={panes.map ? map : null} centre={centre} />
      </Subject>
    </div>
  );
}

const NOTHING: ReadonlySet<number> = new Set();

function toggleSelected(before: ReadonlySet<number>, id: number, adds: boolean): ReadonlySet<number> {
  if (!adds) return before.size === 1 && before.has(id) ? NOTHING : new Set([id]);
  const next = new Set(before);
  if (!next.delete(id)) next.add(id);
  return next;
}
