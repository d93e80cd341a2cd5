// What the pointer does to a scatter: draws a shape, moves, turns, zooms, points at a sample.
import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { type Point, rectangle, roundDigits, simplifyPolygon } from "../../parts/polygon.ts";
import { type Extents, panCamera, onPlane, type Projection, type LassoShape, unproject, type Camera, zoomAt } from "./projection.ts";

/** `pan` turns what has three dimensions. */
export type Tool = "lasso" | "box" | "pan";

interface GesturesProps {
  frame: { width: number; height: number; margin: number; even: boolean };
  extents: Extents;
  projection: Projection;
  view: Camera;
  tool: Tool;
  onView: (view: Camera) => void;
  /** What is drawn, again and again, then `done`. */
  onShape: (shape: LassoShape, done: boolean) => void;
  onPoint: (pixel: Point | null) => void;
  onClick: (pixel: Point, event: PointerEvent) => void;
}

const LEAST = 5;

interface Drag {
  from: Point;
  last: Point;
  button: number;
  does: "draw" | "move" | "turn";
  drawn: Point[];
}

export function useGestures(element: RefObject<HTMLElement | null>, props: GesturesProps) {
  const [shape, setShape] = useState<Point[] | null>(null);
  // Moves come faster than pictures: what was drawn so far is kept here, not in the state.
  const drag = useRef<Drag | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const show = (view: Camera) => {
    latest.current = { ...latest.current, view }; // the next move begins here, drawn or not
    latest.current.onView(view);
  };
  const shown = useRef(show);
  shown.current = show;

  useEffect(() => {
    const target = element.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { extents, view, frame } = latest.current;
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      const pixel: Point = [event.clientX - box.left, event.clientY - box.top];
      shown.current(zoomAt(extents, view, frame, pixel, factor));
    };
    target?.addEventListener("wheel", onWheel, { passive: false });
    return () => target?.removeEventListener("wheel", onWheel);
  }, [element]);

  const inValues = (pixels: Point[]): LassoShape => {
    const { projection, extents, view } = props;
    if (extents.z) return onPlane(projection, extents, view.zoom, pixels);
    const points = pixels.map((pixel) => unproject(projection, pixel).map((v) => roundDigits(v, 6)) as Point);
    return { points, plane: null };
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button > (props.extents.z ? 2 : 1)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = pixelOf(event);
    const does = dragActionOf(props, event);
    drag.current = { from, last: from, button: event.button, does, drawn: [from] };
    if (does === "draw") setShape([from]);
    props.onPoint(null);
  };

  const onPointerMove = (event: PointerEvent) => {
    const pixel = pixelOf(event);
    const dragged = drag.current;
    if (!dragged) return props.onPoint(pixel);
    const by: Point = [pixel[0] - dragged.last[0], pixel[1] - dragged.last[1]];
    dragged.last = pixel;
    if (dragged.does !== "draw") return show(moveOrTurn(latest.current, by, dragged.does));
    dragged.drawn = props.tool === "box" ? rectangle(dragged.from, pixel) : [...dragged.drawn, pixel];
    setShape(dragged.drawn);
    if (isShape(dragged.drawn, dragged.from)) props.onShape(inValues(simplifyPolygon(dragged.drawn, 1.5)), false);
  };

  const onPointerUp = (event: PointerEvent) => {
    const dragged = drag.current;
    drag.current = null;
    setShape(null);
    if (!dragged) return;
    const pixel = pixelOf(event);
    const { drawn, does } = dragged;
    if (does === "draw" && isShape(drawn, dragged.from)) {
      props.onShape(inValues(props.tool === "box" ? drawn : simplifyPolygon(drawn, 1)), true);
    } else if (dragged.button < 2 && Math.hypot(pixel[0] - dragged.from[0], pixel[1] - dragged.from[1]) < LEAST) {
      props.onClick(pixel, event);
    }
  };

  const onPointerCancel = () => {
    drag.current = null;
    setShape(null);
  };

  return {
    shape,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel,
      onPointerLeave: () => props.onPoint(null),
      // The right button is one of the view's, as in other charts of three dimensions.
      onContextMenu: (event: MouseEvent) => props.extents.z && event.preventDefault(),
    },
  };
}

/** Another button than the first, or Alt, does the other thing; Shift moves what else turns. */
function dragActionOf({ tool, extents }: GesturesProps, event: PointerEvent): Drag["does"] {
  const isOther = event.button !== 0 || event.altKey;
  if (tool !== "pan" && !isOther) return "draw";
  return extents.z && !event.shiftKey && !(tool === "pan" && isOther) ? "turn" : "move";
}

function moveOrTurn({ extents, view, frame }: GesturesProps, by: Point, does: "move" | "turn"): Camera {
  if (does === "move") return panCamera(extents, view, frame, by);
  const tilt = Math.max(-1.57, Math.min(1.57, view.tilt + by[1] * 0.008));
  return { ...view, turn: view.turn + by[0] * 0.008, tilt };
}

function isShape(pixels: Point[], from: Point): boolean {
  return pixels.length > 2 && pixels.some(([x, y]) => Math.hypot(x - from[0], y - from[1]) > LEAST);
}

function pixelOf(event: PointerEvent): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
