// The change of every sample, on a map that stays fixed.
import { Lasso, Move, X } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useQuery } from "../address/query.ts";
import { hex, packColor, rgb, type Rgb } from "../charts/scales/colors.ts";
import type { ResolveColor } from "../charts/figure/figure.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import type { DrawScatter } from "../charts/scatter/scatter-figure.ts";
import { Scatter } from "../charts/scatter/scatter.tsx";
import type { Tool } from "../charts/scatter/use-gestures.ts";
import { useView } from "../charts/scatter/use-view.ts";
import { isLessBetter } from "../compare/direction.ts";
import { extent, type Point, reachOf } from "../parts/polygon.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { countWith, shortNumber, signed } from "../parts/numbers.ts";
import { themeColor, useTheme } from "../parts/theme.ts";
import styles from "./history.module.css";
import { changeColors, changePlaces } from "./change-colors.ts";
import { historyParams } from "./params.ts";
import type { FixedMap } from "./use-histories.ts";

interface ChangeMapProps {
  map: FixedMap;
  metric: string;
  /** One value a row of the map; NaN is missing. */
  change: Float32Array;
  /** 1 for rows that are listed. */
  listed: Uint8Array;
  shape: Point[] | null;
  onShape: (shape: Point[] | null) => void;
  onOpen: (exampleId: number) => void;
}

export function ChangeMap(props: ChangeMapProps) {
  const { map, metric, change, listed, shape, onShape, onOpen } = props;
  const [query, set] = useQuery(historyParams);
  const [view, setView] = useView(query.view, (next) => set({ view: next }), "");
  const [tool, setTool] = useState<Tool>("lasso");
  const { shown } = useTheme();
  const extents = useMemo(() => ({ x: extent(map.x), y: extent(map.y), z: null }), [map]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what every token is
  const colors = useMemo(() => {
    const of = (name: string) => rgb(themeColor(name));
    return changeColors(of("--danger"), of("--line-strong"), of("--good"));
  }, [shown]);
  const points = useMemo(
    () => ({
      x: map.x,
      y: map.y,
      z: null,
      places: changePlaces(change, isLessBetter(metric)),
      colors: Uint32Array.from(colors, packColor),
      selected: listed,
    }),
    [map, change, metric, colors, listed],
  );
  const drawRef = useRef<DrawScatter>(null);
  const reach = reachOf(change);
  const worst = isLessBetter(metric) ? reach : -reach;
  const title = `Change of ${metric}`;
  const figure = (resolveColor: ResolveColor) => ({
    title,
    note: countWith(map.x.length, "sample"),
    chart: (drawRef.current as DrawScatter)(resolveColor),
    keys: [{ name: "", ramp: rampOf(colors), low: `worse ${signed(worst)}`, high: `${signed(-worst)} better` }],
  });
  return (
    <section className={styles.map} aria-label="Map of the samples">
      <div className={styles.head}>
        <IconButton
          label="Select with a lasso"
          pressed={tool === "lasso"}
          onClick={() => setTool("lasso")}
        >
          <Lasso size={15} />
        </IconButton>
        <IconButton label="Move the map" pressed={tool === "pan"} onClick={() => setTool("pan")}>
          <Move size={15} />
        </IconButton>
        {shape && (
          <Button small onClick={() => onShape(null)}>
            <X size={13} />
            Clear the lasso
          </Button>
        )}
        <span className={styles.space} />
        <span className={styles.legend}>
          worse <span className={styles.ramp} /> better
        </span>
        <SaveChart title={title} figure={figure} />
      </div>
      <Scatter
        label={`Map of ${map.x.length} samples, coloured by the change of ${metric}`}
        points={points}
        extents={extents}
        axes={[]}
        map
        tool={tool}
        view={view}
        onView={setView}
        onShape={({ points: corners }, done) => done && onShape(corners)}
        onClick={(row) => row !== null && onOpen(map.example_id[row] as number)}
        tip={(row) => (
          <>
            #{map.example_id[row]} {metric} {signed(change[row] ?? null)}
          </>
        )}
        rings={[]}
        drawRef={drawRef}
      />
      <span className="visually-hidden">
        The greatest change is {shortNumber(reach)}.
      </span>
    </section>
  );
}

const STEPS = 17;

/** Some of the colours from worst to best. */
function rampOf(colors: readonly Rgb[]): string[] {
  return Array.from({ length: STEPS }, (_, at) => hex(colors[Math.round((at * 254) / (STEPS - 1))] as Rgb));
}
