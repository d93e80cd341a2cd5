// What the pointer does to boxes and joints while labels are edited: grips, dragging, drawing.
import { useState } from "react";
import type { Place } from "../picture/draw.ts";
import type { Box, Instance, Layer } from "../picture/layers.ts";
import type { Extent, View } from "../picture/view.ts";
import type { ViewerTool } from "../picture/viewer.tsx";
import { between, type Grip, gripAt, gripCursor, gripPoint, GRIPS, isInside, resized, shifted } from "./geometry.ts";

export interface EditToolProps {
  isOn: boolean;
  isDrawing: boolean;
  extent: Extent;
  layers: readonly Layer[];
  selected: Place | null;
  /** Whether the labels of a column may be edited. */
  isWritable: (column: string) => boolean;
  onBox: (place: Place, box: Box) => void;
  onJoint: (place: Place, joint: number, at: [number, number]) => void;
  onDrawn: (box: Box) => void;
}

type Point = [number, number];

type Hold =
  | { what: "draw"; from: Point }
  | { what: "grip"; grip: Grip; from: Point; box: Box; place: Place }
  | { what: "box"; from: Point; box: Box; place: Place }
  | { what: "joint"; joint: number; place: Place };

export function useEditTool(props: EditToolProps): ViewerTool | null {
  const [hold, setHold] = useState<Hold | null>(null);
  const [box, setBox] = useState<Box | null>(null);
  const [point, setPoint] = useState<Point | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const { isOn, isDrawing, extent, selected } = props;
  if (!isOn) return null;
  const target = selected && props.isWritable(selected.column) ? instanceOf(props.layers, selected) : null;
  const under = (at: Point, near: number): Hold | null => {
    if (isDrawing) return { what: "draw", from: at };
    if (!target || !selected) return null;
    const joint = target.joints.findIndex((one) => one.visibility > 0 && Math.hypot(one.x - at[0], one.y - at[1]) <= near);
    if (joint >= 0) return { what: "joint", joint, place: selected };
    const grip = target.box && gripAt(target.box, at, near);
    if (target.box && grip) return { what: "grip", grip, from: at, box: target.box, place: selected };
    const isIn = target.box && isInside(target.box, at);
    return target.box && isIn ? { what: "box", from: at, box: target.box, place: selected } : null;
  };
  const held = (at: Point): Box | null => {
    if (!hold || hold.what === "joint") return null;
    if (hold.what === "draw") return between(hold.from, at, extent);
    const by: Point = [at[0] - hold.from[0], at[1] - hold.from[1]];
    return hold.what === "grip" ? resized(hold.box, hold.grip, by, extent) : shifted(hold.box, by, extent);
  };
  return {
    onDown(at, near) {
      const next = under(at, near);
      setHold(next);
      return next !== null;
    },
    onMove(at, isDown, near) {
      if (!isDown || !hold) return setCursor(cursorOf(under(at, near)));
      setBox(held(at));
      if (hold.what === "joint") setPoint(at);
    },
    onUp(at) {
      const next = held(at);
      if (hold?.what === "draw" && next) props.onDrawn(next);
      else if (hold?.what === "joint" && point) props.onJoint(hold.place, hold.joint, at);
      else if (hold && "place" in hold && next && String(next) !== String((hold as { box: Box }).box)) props.onBox(hold.place, next);
      setHold(null);
      setBox(null);
      setPoint(null);
    },
    cursor,
    draw: (context, view) => drawHandles(context, view, box, hold ? null : target, point),
    version: [hold?.what, box, point, target?.box, target?.index, isDrawing].join(" "),
  };
}

export function instanceOf(layers: readonly Layer[], place: Place | null): Instance | null {
  const layer = layers.find(({ column }) => column === place?.column);
  return layer?.instances.find(({ index }) => index === place?.index) ?? null;
}

function cursorOf(hold: Hold | null): string | null {
  if (!hold) return null;
  return { draw: "crosshair", box: "move", joint: "move", grip: hold.what === "grip" ? gripCursor(hold.grip) : "" }[hold.what];
}

const GRIP = 7;

function drawHandles(
  context: CanvasRenderingContext2D,
  { scale, left, top }: View,
  box: Box | null,
  target: Instance | null,
  point: Point | null,
): void {
  const at = ([x, y]: readonly [number, number]): Point => [left + x * scale, top + y * scale];
  context.setLineDash([]);
  if (box) {
    const [[x0, y0], [x1, y1]] = [at([box[0], box[1]]), at([box[2], box[3]])];
    context.lineWidth = 3.5;
    context.strokeStyle = "rgb(0 0 0 / 55%)";
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    context.lineWidth = 1.5;
    context.strokeStyle = "#ffffff";
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  for (const place of target?.box ? GRIPS.map((grip) => at(gripPoint(target.box as Box, grip))) : []) {
    context.lineWidth = 1.5;
    context.strokeStyle = "#14181d";
    context.fillStyle = "#ffffff";
    context.fillRect(place[0] - GRIP / 2, place[1] - GRIP / 2, GRIP, GRIP);
    context.strokeRect(place[0] - GRIP / 2, place[1] - GRIP / 2, GRIP, GRIP);
  }
  if (point) {
    const [x, y] = at(point);
    context.fillStyle = "#ffffff";
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fill();
  }
}
