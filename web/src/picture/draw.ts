// Draws layers over an image. Labels are solid, predictions dashed, wrong ones dotted and named.
import { colorOf, rgb } from "../charts/scales/colors.ts";
import { KINDS, kindOf, type Palette } from "./kinds.ts";
import type { Instance, Layer } from "./layers.ts";
import { bitmapOf, borderOf } from "./bitmaps.ts";
import { drawTags, type Tag } from "./tags.ts";
import { boundsOf } from "./masks.ts";

/** One instance among all layers. */
export interface InstanceRef {
  column: string;
  index: number;
}

export interface DrawOptions {
  /** Pixels of the screen for a pixel of the image. */
  scale: number;
  /** Where the image begins on the screen. */
  left?: number;
  top?: number;
  palette: Palette;
  /** Columns that are not drawn. */
  hidden?: ReadonlySet<string>;
  /** Kinds that are not drawn. */
  hiddenKinds?: ReadonlySet<string>;
  /** Predictions below are not drawn. */
  confidence?: number;
  /** Whether instances are named. */
  hasTags?: boolean;
  selected?: InstanceRef | null;
  hovered?: InstanceRef | null;
  lineWidth?: number;
}

/** Whether an instance is drawn at all. */
export function isShown(layer: Layer, one: Instance, options: Partial<DrawOptions>): boolean {
  if (options.hidden?.has(layer.column)) return false;
  if (options.hiddenKinds?.has(kindOf(layer.isTruth, one.kind))) return false;
  return layer.isTruth || one.confidence === null || one.confidence >= (options.confidence ?? 0);
}

export function drawLayers(
  context: CanvasRenderingContext2D,
  layers: readonly Layer[],
  options: DrawOptions,
): void {
  const tags: Tag[] = [];
  context.save();
  context.lineJoin = "round";
  for (const layer of layers) {
    if (options.hidden?.has(layer.column)) continue;
    drawRegions(context, layer, options);
    for (const one of layer.instances) {
      if (isShown(layer, one, options)) drawInstance(context, layer, one, options, tags);
    }
  }
  if (options.hasTags) drawTags(context, tags);
  context.restore();
}

export function isInstance(place: InstanceRef | null | undefined, layer: Layer, one: Instance): boolean {
  return place?.column === layer.column && place.index === one.index;
}

function drawInstance(
  context: CanvasRenderingContext2D,
  layer: Layer,
  one: Instance,
  options: DrawOptions,
  tags: Tag[],
): void {
  const kind = kindOf(layer.isTruth, one.kind);
  const color = options.palette[kind] ?? "#888888";
  const isSelected = isInstance(options.selected, layer, one);
  const isLit = isSelected || isInstance(options.hovered, layer, one);
  const someLit = options.selected || options.hovered;
  context.globalAlpha = someLit && !isLit ? 0.55 : 1;
  if (one.mask) drawMask(context, one, color, isLit, options);
  if (one.box) strokeBox(context, one, { color, dash: KINDS[kind]?.dash ?? [], isLit }, options);
  if (one.joints.length) drawPose(context, layer, one, color, options);
  context.globalAlpha = 1;
  const at = one.box ?? (one.mask && boundsOf(one.mask));
  if (!options.hasTags || !at) return;
  const [x0, y0, x1, y1] = onScreen(at, options);
  tags.push({ text: tagText(one, kind), x: x0, y: y0, right: x1, bottom: y1, color, isLit, isBelow: !layer.isTruth });
}

/** `apple`, `apple 0.87`, `apple 0.87 · background`: the colour alone does not say it. */
export function tagText(one: Instance, kind: string): string {
  const said = one.confidence === null ? one.name : `${one.name} ${one.confidence.toFixed(2)}`;
  const isPlain = ["truth", "true_positive", "prediction"].includes(kind);
  return isPlain ? said : `${said} · ${KINDS[kind]?.name ?? kind}`;
}

function strokeBox(
  context: CanvasRenderingContext2D,
  one: Instance,
  { color, dash, isLit }: { color: string; dash: number[]; isLit: boolean },
  options: DrawOptions,
): void {
  const [x0, y0, x1, y1] = onScreen(one.box as [number, number, number, number], options);
  const width = (options.lineWidth ?? 2) + (isLit ? 1 : 0);
  // A dark line below keeps every colour legible on every picture.
  context.setLineDash(dash);
  context.strokeStyle = "rgb(0 0 0 / 55%)";
  context.lineWidth = width + 2;
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  if (isLit) {
    context.fillStyle = withAlpha(color, 0.14);
    context.fillRect(x0, y0, x1 - x0, y1 - y0);
  }
}

function drawPose(
  context: CanvasRenderingContext2D,
  layer: Layer,
  one: Instance,
  color: string,
  options: DrawOptions,
): void {
  const { scale, left = 0, top = 0 } = options;
  const at = (place: number) => {
    const joint = one.joints[place];
    return joint && joint.visibility > 0 ? [left + joint.x * scale, top + joint.y * scale] : null;
  };
  const width = options.lineWidth ?? 2;
  context.setLineDash(layer.isTruth ? [] : [5, 3]);
  context.lineWidth = width;
  layer.skeleton?.lines.forEach(([from, to], line) => {
    const [a, b] = [at(from), at(to)];
    if (!a || !b) return;
    context.strokeStyle = layer.skeleton?.line_colors[line] || color;
    context.beginPath();
    context.moveTo(a[0] as number, a[1] as number);
    context.lineTo(b[0] as number, b[1] as number);
    context.stroke();
  });
  context.setLineDash([]);
  one.joints.forEach((joint, place) => {
    const point = at(place);
    if (!point) return;
    context.beginPath();
    context.arc(point[0] as number, point[1] as number, width + 1, 0, 2 * Math.PI);
    context.fillStyle = layer.skeleton?.point_colors[place] || color;
    // A hidden joint is a ring.
    if (joint.visibility === 2 || !layer.isTruth) context.fill();
    context.lineWidth = 1;
    context.strokeStyle = joint.visibility === 1 ? (context.fillStyle as string) : "rgb(0 0 0 / 60%)";
    context.stroke();
  });
}

function drawMask(
  context: CanvasRenderingContext2D,
  { mask }: Instance,
  color: string,
  isLit: boolean,
  options: DrawOptions,
): void {
  const { scale, left = 0, top = 0 } = options;
  const fill = withAlpha(color, isLit ? 0.45 : 0.22);
  if (mask?.kind === "runs") {
    const bitmap = bitmapOf(mask, color, isLit ? 115 : 56);
    context.imageSmoothingEnabled = false;
    context.drawImage(bitmap, left, top, mask.width * scale, mask.height * scale);
  }
  if (mask?.kind !== "polygons") return;
  context.beginPath();
  for (const ring of mask.rings) {
    for (let at = 0; at + 1 < ring.length; at += 2) {
      const [x, y] = [left + (ring[at] as number) * scale, top + (ring[at + 1] as number) * scale];
      if (at === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.closePath();
  }
  context.fillStyle = fill;
  context.fill("evenodd");
  context.setLineDash([]);
  context.strokeStyle = color;
  context.lineWidth = (options.lineWidth ?? 2) * 0.75;
  context.stroke();
}

function drawRegions(context: CanvasRenderingContext2D, layer: Layer, options: DrawOptions): void {
  const { scale, left = 0, top = 0 } = options;
  context.imageSmoothingEnabled = false;
  for (const { label, mask } of layer.regions) {
    if (mask.kind !== "runs") continue;
    const place = layer.categories.findIndex(({ id }) => id === label);
    if (place < 0) continue; // pixels that are no class: the ignore label
    const category = layer.categories[place]!;
    if (isBackground(category)) continue;
    const color = colorOf(category, place);
    // Labels are outlined, so that a prediction can lie on them.
    const bitmap = layer.isTruth ? borderOf(mask, color) : bitmapOf(mask, color, 120);
    context.drawImage(bitmap, left, top, mask.width * scale, mask.height * scale);
  }
}

/** What is no thing is not painted, or it would hide the picture. */
export function isBackground({ name }: { name: string }): boolean {
  return ["background", "unlabelled", "unlabeled", "void"].includes(name.toLowerCase());
}

function onScreen(box: readonly number[], { scale, left = 0, top = 0 }: DrawOptions): [number, number, number, number] {
  const [x0, y0, x1, y1] = box as [number, number, number, number];
  return [left + x0 * scale, top + y0 * scale, left + x1 * scale, top + y1 * scale];
}

function withAlpha(color: string, alpha: number): string {
  const [red, green, blue] = rgb(color);
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}
