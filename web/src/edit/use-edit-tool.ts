// What the pointer does to boxes and joints while labels are edited: grips, dragging, drawing.
import { useState } from "react";
import { pointAt, pointsOf } from "./label-points.ts";
import type { InstanceRef } from "../picture/draw.ts";
import type { Box, Instance, Layer } from "../picture/layers.ts";
import type { Extent, ImageView } from "../picture/view.ts";
import type { ViewerTool } from "../picture/viewer.tsx";
import { boxBetween, type Grip, gripAt, gripCursor, gripPoint, GRIPS, clampPoint, isInside, resizeBox, shiftBox } from "./geometry.ts";

export interface EditToolProps {
  isOn: boolean;
  isDrawing: boolean;
  extent: Extent;
  layers: readonly Layer[];
  selected: InstanceRef | null;
  /** Whether the labels of a column may be edited. */
  isWritable: (column: string) => boolean;
  onBox: (place: InstanceRef, box: Box) => void;
  /** The joint or corner of the selected label that keys are about. */
  point: number | null;
  onPick: (point: number) => void;
  onPoint: (place: InstanceRef, point: number, at: [number, number]) => void;
  onDrawn: (box: Box) => void;
}

type Point = [number, number];

type Hold =
  | { what: "draw"; from: Point }
  | { what: "grip"; grip: Grip; from: Point; box: Box; place: InstanceRef }
  | { what: "box"; from: Point; box: Box; place: InstanceRef }
  | { what: "point"; point: number; place: InstanceRef };

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
    const point = pointAt(pointsOf(target), at, near);
    if (point >= 0) return { what: "point", point, place: selected };
    const grip = target.box && gripAt(target.box, at, near);
    if (target.box && grip) return { what: "grip", grip, from: at, box: target.box, place: selected };
    const isIn = target.box && isInside(target.box, at);
    return target.box && isIn ? { what: "box", from: at, box: target.box, place: selected } : null;
  };
  const held = (at: Point): Box | null => {
    if (!hold || hold.what === "point") return null;
    if (hold.what === "draw") return boxBetween(hold.from, at, extent);
    const by: Point = [at[0] - hold.from[0], at[1] - hold.from[1]];
    return hold.what === "grip" ? resizeBox(hold.box, hold.grip, by, extent) : shiftBox(hold.box, by, extent);
  };
  return {
    onDown(at, near) {
      const next = under(at, near);
      setHold(next);
      if (next?.what === "point") props.onPick(next.point);
      return next !== null;
    },
    onMove(at, isDown, near) {
      if (!isDown || !hold) return setCursor(cursorOf(under(at, near)));
      setBox(held(at));
      if (hold.what === "point") setPoint(clampPoint(at, extent));
    },
    onUp(at) {
      const next = held(at);
      if (hold?.what === "draw" && next) props.onDrawn(next);
      else if (hold?.what === "point" && point) props.onPoint(hold.place, hold.point, clampPoint(at, extent));
      else if (hold && "place" in hold && next && String(next) !== String((hold as { box: Box }).box)) props.onBox(hold.place, next);
      setHold(null);
      setBox(null);
      setPoint(null);
    },
    cursor,
    draw: (context, view) => drawHandles(context, view, { box, target: hold ? null : target, held: point, picked: props.point }),
    version: [hold?.what, box, point, props.point, target?.box, target?.index, target && points(target), isDrawing].join(" "),
  };
}

const points = (one: Instance) => pointsOf(one).map(({ x, y, isThere }) => `${x} ${y} ${isThere}`).join();

export function instanceOf(layers: readonly Layer[], place: InstanceRef | null): Instance | null {
  const layer = layers.find(({ column }) => column === place?.column);
  return layer?.instances.find(({ index }) => index === place?.index) ?? null;
}

function cursorOf(hold: Hold | null): string | null {
  if (!hold) return null;
  return { draw: "crosshair", box: "move", point: "move", grip: hold.what === "grip" ? gripCursor(hold.grip) : "" }[hold.what];
}

const GRIP = 7;
const CORNER = 5;

interface Handles {
  box: Box | null;
  target: Instance | null;
  /** Where a joint or corner is held. */
  held: Point | null;
  picked: number | null;
}

function drawHandles(
  context: CanvasRenderingContext2D,
  { scale, left, top }: ImageView,
  { box, target, held, picked }: Handles,
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
  const corners = target?.mask?.kind === "polygons" ? pointsOf(target) : [];
  for (const { x, y } of corners) {
    const place = at([x, y]);
    context.lineWidth = 1;
    context.strokeStyle = "#14181d";
    context.fillStyle = "#ffffff";
    context.fillRect(place[0] - CORNER / 2, place[1] - CORNER / 2, CORNER, CORNER);
    context.strokeRect(place[0] - CORNER / 2, place[1] - CORNER / 2, CORNER, CORNER);
  }
  const lit = picked === null ? null : pointsOf(target)[picked];
  if (lit?.isThere) {
    const [x, y] = at([lit.x, lit.y]);
    for (const [width, color] of [[4, "rgb(0 0 0 / 60%)"], [2, "#ffffff"]] as const) {
      context.lineWidth = width;
      context.strokeStyle = color;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  if (held) {
    const [x, y] = at(held);
    context.fillStyle = "#ffffff";
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fill();
  }
}
