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
import type { Better } from "../data/verdict.ts";
import { extent, type Point, reachOf } from "../parts/polygon.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import { countWith, shortNumber, signed } from "../parts/numbers.ts";
import { themeColor, useTheme } from "../parts/theme.ts";
import styles from "./history.module.css";
import { changeColors, changePlaces } from "./change-colors.ts";
import { historyParams } from "./params.ts";
import type { FixedMap } from "./use-histories.ts";

interface ChangeMapProps {
  map: FixedMap;
  metric: string;
  better: Better;
  /** One value a row of the map; NaN is missing. */
  change: Float32Array;
  /** 1 for rows that are listed. */
  listed: Uint8Array;
  shape: Point[] | null;
  onShape: (shape: Point[] | null) => void;
  onOpen: (exampleId: number) => void;
}

export function ChangeMap(props: ChangeMapProps) {
  const { map, metric, better, change, listed, shape, onShape, onOpen } = props;
  const [query, set] = useQuery(historyParams);
  const [view, setView] = useView(query.view, (next) => set({ view: next }), "");
  const [tool, setTool] = useState<Tool>("lasso");
  const { shown } = useTheme();
  const extents = useMemo(() => ({ x: extent(map.x), y: extent(map.y), z: null }), [map]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what every token is
  const colors = useMemo(() => {
    const of = (name: string) => rgb(themeColor(name));
    const [low, high] = better === null ? NEUTRAL : VALUED;
    return changeColors(of(low), of("--line-strong"), of(high));
  }, [shown, better]);
  const points = useMemo(
    () => ({
      x: map.x,
      y: map.y,
      z: null,
      places: changePlaces(change, better === "lower"),
      colors: Uint32Array.from(colors, packColor),
      selected: listed,
    }),
    [map, change, better, colors, listed],
  );
  const drawRef = useRef<DrawScatter>(null);
  const reach = reachOf(change);
  const worst = better === "lower" ? reach : -reach;
  const [low, high] = better === null ? ["lower", "higher"] : ["worse", "better"];
  const title = `Change of ${metric}`;
  const figure = (resolveColor: ResolveColor) => ({
    title,
    note: countWith(map.x.length, "sample"),
    chart: (drawRef.current as DrawScatter)(resolveColor),
    keys: [{ name: "", ramp: rampOf(colors), low: `${low} ${signed(worst)}`, high: `${signed(-worst)} ${high}` }],
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
          {low} <span className={classNames(styles.ramp, better === null && styles.neutral)} /> {high}
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

/** Colours of the ends: of worse and better, or of down and up where nobody said which is which. */
const VALUED = ["--danger", "--good"] as const;
const NEUTRAL = ["--text-soft", "--accent"] as const;

const STEPS = 17;

/** Some of the colours from worst to best. */
function rampOf(colors: readonly Rgb[]): string[] {
  return Array.from({ length: STEPS }, (_, at) => hex(colors[Math.round((at * 254) / (STEPS - 1))] as Rgb));
}
