// Samples as points: two or three columns as places, one as colour.
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Point } from "../../parts/polygon.ts";
import { useTheme } from "../../parts/theme.ts";
import { packColor, rgb } from "../scales/colors.ts";
import type { ResolveColor } from "../figure/figure.ts";
import { Axes, type Axis, Compass } from "./axes.tsx";
import { drawScatter, type DrawScatter } from "./scatter-figure.ts";
import { type Extents, panCamera, projection as project, type LassoShape, type Camera, zoomAt } from "./projection.ts";
import { type ScatterDrawing, nearestPoint, type Points, radiusFor } from "./raster.ts";
import styles from "./scatter.module.css";
import { type Tool, useGestures } from "./use-gestures.ts";
import { useSize } from "../../parts/use-size.ts";
import { useDrawing } from "./use-drawing.ts";

interface ScatterProps {
  /** What it shows, in words, for those who cannot see it. */
  label: string;
  points: Points;
  extents: Extents;
  axes: Axis[];
  /** Whether it is a map, whose axes mean nothing and whose distances do. */
  map: boolean;
  tool: Tool;
  view: Camera;
  onView: (view: Camera) => void;
  /** What is drawn, again and again, then `done`. */
  onShape: (shape: LassoShape, done: boolean) => void;
  /** A click on a point (its row) or beside all points (null). */
  onClick: (row: number | null, event: PointerEvent) => void;
  /** What to show beside the point under the pointer. */
  tip: (row: number) => ReactNode;
  /** Rows to draw a ring around. */
  rings: number[];
  /** Draws it as it is shown, for a file. */
  drawRef?: Ref<DrawScatter>;
}

const MARGIN = 26;
const REACH = 10;

export function Scatter(props: ScatterProps) {
  const { points, extents, axes, map, view, onView, rings } = props;
  const frameElement = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frameElement);
  const { shown } = useTheme();
  const [hovered, setHovered] = useState<number | null>(null);

  const frame = useMemo(() => ({ ...size, margin: MARGIN, even: map }), [size, map]);
  const projection = useMemo(() => project(extents, view, frame), [extents, view, frame]);
  const drawing = useMemo<ScatterDrawing>(
    () => ({
      points,
      projection,
      radius: radiusFor(points.x.length / Math.max(1, view.zoom ** 1.5)),
      rest: packColor(rgb(shown === "dark" ? "#9aa4b1" : "#8a94a0")),
      restAlpha: shown === "dark" ? 0.22 : 0.28,
    }),
    [points, projection, view.zoom, shown],
  );
  const canvasKey = useDrawing(canvas, size, size.width ? drawing : null);
  const plane = !map && !extents.z && axes[0] && axes[1] ? { projection, size, x: axes[0], y: axes[1] } : null;
  useImperativeHandle(props.drawRef, () => (resolveColor: ResolveColor) => drawScatter({ frame: frameElement.current as HTMLElement, drawing, size, plane }, resolveColor));

  const under = (pixel: Point) => {
    const row = nearestPoint(points, projection, pixel, REACH);
    return row < 0 ? null : row;
  };
  const { shape, handlers } = useGestures(frameElement, {
    frame,
    extents,
    projection,
    view,
    tool: props.tool,
    onView,
    onShape: props.onShape,
    onPoint: (pixel) => setHovered(pixel && under(pixel)),
    onClick: (pixel, event) => props.onClick(under(pixel), event),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const next = byKey(event, extents, view, frame);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onView(next);
  };

  const at = (row: number) => pixelOf(points, projection, row);
  const marks = hovered === null ? rings : [...rings, hovered];
  return (
    <div
      ref={frameElement}
      className={styles.frame}
      data-tool={props.tool}
      tabIndex={0}
      role="group"
      aria-label={props.label}
      onKeyDown={onKeyDown}
      {...handlers}
    >
      {plane && (
        <svg className={styles.over} width={size.width} height={size.height} data-axes aria-hidden>
          <Axes {...plane} />
        </svg>
      )}
      <canvas key={canvasKey} ref={canvas} className={styles.canvas} aria-hidden />
      <svg className={styles.over} width={size.width} height={size.height} aria-hidden>
        {extents.z && <Compass projection={projection} size={size} names={axes.map(({ name }) => name)} />}
        {marks.map((row) => {
          const [x, y] = at(row);
          return <circle key={row} className={styles.ring} cx={x} cy={y} r={drawing.radius + 4} />;
        })}
        {shape && shape.length > 1 && <path className={styles.shape} d={`M${shape.join("L")}Z`} />}
      </svg>
      {hovered !== null && !shape && <Tip pixel={at(hovered)} size={size}>{props.tip(hovered)}</Tip>}
    </div>
  );
}

function Tip({ pixel: [x, y], size, children }: { pixel: Point; size: { width: number; height: number }; children: ReactNode }) {
  const isRight = x > size.width / 2;
  const isLow = y > size.height / 2;
  const style = {
    left: isRight ? undefined : x + 14,
    right: isRight ? size.width - x + 14 : undefined,
    top: isLow ? undefined : y + 8,
    bottom: isLow ? size.height - y + 8 : undefined,
  };
  return (
    <div className={styles.tip} style={style}>
      {children}
    </div>
  );
}

function pixelOf({ x, y, z }: Points, p: Float64Array, row: number): Point {
  const [px, py, pz] = [x[row] ?? 0, y[row] ?? 0, z?.[row] ?? 0];
  return [
    p[0]! * px + p[1]! * py + p[2]! * pz + p[3]!,
    p[4]! * px + p[5]! * py + p[6]! * pz + p[7]!,
  ];
}

type Frame = Parameters<typeof project>[2];

function byKey({ key, shiftKey }: KeyboardEvent, extents: Extents, view: Camera, frame: Frame): Camera | null {
  const step = 40;
  const steps: Record<string, Point> = {
    ArrowLeft: [step, 0],
    ArrowRight: [-step, 0],
    ArrowUp: [0, step],
    ArrowDown: [0, -step],
  };
  const by = steps[key];
  if (by && extents.z && !shiftKey) return { ...view, turn: view.turn + by[0] / 200, tilt: view.tilt + by[1] / 200 };
  if (by) return panCamera(extents, view, frame, by);
  const centre: Point = [frame.width / 2, frame.height / 2];
  if (key === "+" || key === "=") return zoomAt(extents, view, frame, centre, 1.4);
  if (key === "-") return zoomAt(extents, view, frame, centre, 1 / 1.4);
  return null;
}
