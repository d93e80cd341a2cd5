// A scatter as it is shown, for a figure: its points as a picture, what lies over them as drawings.
import { bottomAxis, leftAxis, leftOf, type PlotAxis } from "../figure/plot.ts";
import type { Drawing, ResolveColor } from "../figure/figure.ts";
import { element } from "../figure/svg.ts";
import { type AxesProps, axisTicks } from "./axes.tsx";
import { CanvasRenderer } from "./canvas-renderer.ts";
import { DENSITY_RADIUS } from "./density.ts";
import type { ScatterDrawing } from "./raster.ts";
import type { Size } from "../../parts/use-size.ts";

/** Pixels of the points for one of the page; where single pixels show density there is one. */
const RATIO = 3;
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size",
  "font-family", "text-anchor", "paint-order",
] as const;

/** Draws a scatter for a figure. */
export type DrawScatter = (resolveColor: ResolveColor) => Drawing;

interface ShownScatter {
  frame: HTMLElement;
  drawing: ScatterDrawing;
  size: Size;
  /** Two columns as axes; null where the axes mean nothing or turn. */
  plane: AxesProps | null;
}

export function drawScatter({ frame, drawing, size, plane }: ShownScatter, resolveColor: ResolveColor): Drawing {
  const { width, height } = size;
  const over = [...frame.querySelectorAll<SVGSVGElement>("svg:not([data-axes])")].map((part) => inlineStyles(part).innerHTML);
  const border = element("rect", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: "none", stroke: resolveColor("--line") });
  const points = [element("image", { width, height, href: pointsImage(drawing, size) }), ...over].join("\n");
  if (!plane) return { width, height, body: element("svg", { width, height }, points, border) };
  const { across, down, left } = figureAxes(plane);
  const room = { left, top: 8, right: left + width, bottom: 8 + height };
  const { projection: p } = plane;
  const body = [
    leftAxis(down, (value) => room.top + p[5]! * value + p[7]!, room, resolveColor),
    bottomAxis(across, (value) => left + p[0]! * value + p[3]!, room, resolveColor),
    element("svg", { x: left, y: room.top, width, height }, points),
  ];
  return { width: room.right + 12, height: room.bottom + 42, body: body.join("\n") };
}

/** Numbers stand beside the points, not among them as on the screen. */
function figureAxes(plane: AxesProps) {
  const { across, down } = axisTicks(plane);
  const axis = (part: typeof across, name: string): PlotAxis => ({ ...part, low: 0, high: 1, name });
  const y = axis(down, plane.y.name);
  return { across: axis(across, plane.x.name), down: y, left: leftOf(y) };
}

function pointsImage(drawing: ScatterDrawing, { width, height }: Size): string {
  const ratio = drawing.radius < DENSITY_RADIUS ? 1 : RATIO;
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  new CanvasRenderer(canvas).draw(drawing, ratio);
  return canvas.toDataURL("image/png");
}

/** A copy whose colours do not need our style sheet. */
function inlineStyles(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((one, at) => {
    const style = getComputedStyle(originals[at] as Element);
    for (const name of STYLES) one.setAttribute(name, style.getPropertyValue(name));
    one.removeAttribute("class");
  });
  return copy;
}
