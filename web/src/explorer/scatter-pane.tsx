// Samples as points beside their images: what is drawn around there is selected everywhere.
import { Hand, LassoSelect, Maximize, Rotate3d, SquareDashed } from "lucide-react";
import { type PointerEvent, type ReactNode, useMemo, useRef } from "react";
import { SaveChart } from "../charts/save-chart.tsx";
import type { DrawScatter } from "../charts/scatter/scatter-figure.ts";
import { Scatter } from "../charts/scatter/scatter.tsx";
import { type LassoShape, WHOLE } from "../charts/scatter/projection.ts";
import type { Tool } from "../charts/scatter/use-gestures.ts";
import { useView } from "../charts/scatter/use-view.ts";
import type { FilterClient } from "../data/filter-client.ts";
import { describeFilter } from "../filters/describe.ts";
import { drawnFilter, mapName, slotOfAxes } from "../filters/lasso.ts";
import { rowOf } from "../filters/rows.ts";
import { slotOf } from "../filters/slots.ts";
import { IconButton } from "../parts/button.tsx";
import { countWith, wholeNumber } from "../parts/numbers.ts";
import { EmptyState, ErrorState, Spinner } from "../parts/states.tsx";
import { useTheme } from "../parts/theme.ts";
import type { Filter, SourceInfo, Sort } from "../wire.ts";
import { ColorLegend } from "./color-legend.tsx";
import { AxisSelects, ColumnSelects } from "./axis-selects.tsx";
import { axesOf, colourOf, type Look, type SetLook, toolOf } from "./look.ts";
import styles from "./scatter-pane.module.css";
import { scatterKeys } from "./scatter-keys.ts";
import type { FilterState } from "./use-filter-engine.ts";
import { usePoints } from "./use-points.ts";

interface ScatterPaneProps {
  client: FilterClient | null;
  info: SourceInfo;
  look: Look;
  setLook: SetLook;
  sort: readonly Sort[];
  filterState: FilterState | null;
  /** Samples to draw a ring around. */
  ringed: readonly number[];
  filters: Filter[];
  onFilter: (slot: string, filter: Filter | null, done: boolean) => void;
  onSelect: (id: number, event: PointerEvent) => void;
  tip: (exampleId: number) => ReactNode;
}

const DRAWING: [Tool, string, typeof Hand][] = [
  ["lasso", "Draw around samples", LassoSelect],
  ["box", "Draw a box around samples", SquareDashed],
];
const FLAT: typeof DRAWING = [...DRAWING, ["pan", "Move the map", Hand]];
const DEEP: typeof DRAWING = [...DRAWING, ["pan", "Turn the map", Rotate3d]];

export function ScatterPane(props: ScatterPaneProps) {
  const { client, info, look, setLook, sort, filterState, ringed, filters, onFilter, onSelect, tip } = props;
  const axes = axesOf(info, look);
  const [x, y, z] = axes;
  const colour = colourOf(info, look, sort);
  const scene = usePoints(client, info, axes, colour, filterState);
  const [view, setView] = useView(look.view, (next) => setLook({ view: next }), axes.join("\n"));
  const drawRef = useRef<DrawScatter>(null);
  const { shown } = useTheme();
  const isMap = axes.every((name) => name.replace(/\.\d$/, "") === x?.replace(/\.\d$/, "")) && /\.\d$/.test(x ?? "");
  const rings = useMemo(
    () => ringed.flatMap((id) => (scene ? [rowOf(scene.exampleIds, id)] : [])).filter((row) => row >= 0),
    [ringed, scene],
  );
  if (!x || !y) {
    return (
      <EmptyState title="Nothing to place the samples by">
        A scatter needs two columns of numbers, or a map of embeddings. Collect embeddings with
        collect_embeddings=True to get one.
      </EmptyState>
    );
  }
  const slot = slotOfAxes(axes);
  const tool = toolOf(look, z !== undefined);
  const shape = ({ points, plane }: LassoShape, done: boolean) => {
    onFilter(slot, drawnFilter(axes, points, plane), done);
  };
  const words = filters.map((filter) => describeFilter(filter, info.columns)).join("; ");
  const label = `Scatter of ${mapName(...axes)}: ${filterState?.count ?? 0} of ${info.rows} samples match${words ? `: ${words}` : ""}. ${z ? "Arrow keys turn, with shift they move" : "Arrow keys move"}, plus and minus zoom.`;
  return (
    <div className={styles.pane}>
      <div className={styles.head}>
        <AxisSelects info={info} axes={axes} setLook={setLook} />
        <span className={styles.grow} />
        {(z ? DEEP : FLAT).map(([each, name, Icon]) => (
          <IconButton key={each} label={name} small pressed={tool === each} onClick={() => setLook({ tool: each })}>
            <Icon size={14} />
          </IconButton>
        ))}
        <IconButton label="Show everything" small onClick={() => setView(WHOLE)}>
          <Maximize size={14} />
        </IconButton>
        {scene && (
          <SaveChart
            title={mapName(...axes)}
            figure={(resolveColor) => ({
              title: mapName(...axes),
              note: filterState && filterState.count < info.rows ? `${wholeNumber(filterState.count)} of ${countWith(info.rows, "sample")}: ${words}` : countWith(info.rows, "sample"),
              chart: (drawRef.current as DrawScatter)(resolveColor),
              keys: scatterKeys(scene.colouring, colour, shown),
            })}
          />
        )}
      </div>
      <ColumnSelects info={info} axes={axes} setLook={setLook} />
      <div className={styles.scene}>
        {scene ? (
          <Scatter
            label={label}
            points={scene.points}
            extents={scene.extents}
            axes={scene.axes}
            map={isMap}
            tool={tool}
            view={view}
            onView={setView}
            onShape={shape}
            onClick={(row, event) => {
              const id = row === null ? undefined : scene.exampleIds[row];
              if (id !== undefined) onSelect(id, event);
              else if (filters.some((one) => slotOf(one) === slot)) onFilter(slot, null, true);
            }}
            tip={(row) => tip(scene.exampleIds[row] ?? 0)}
            rings={rings}
            drawRef={drawRef}
          />
        ) : filterState?.error ? (
          <ErrorState error={filterState.error} />
        ) : (
          <div className={styles.waiting}>
            <Spinner label="Loading the points" />
          </div>
        )}
        {scene && <ColorLegend colouring={scene.colouring} info={info} colour={colour} setLook={setLook} />}
      </div>
    </div>
  );
}
