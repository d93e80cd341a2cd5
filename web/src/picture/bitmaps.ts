// Pictures of masks: made once for each mask and colour.
import { rgb } from "../charts/scales/colors.ts";
import { interiorPixels, type Mask, paintRuns } from "./masks.ts";

type Runs = Extract<Mask, { kind: "runs" }>;

const made = new WeakMap<Runs, Map<string, HTMLCanvasElement>>();

/** The mask in one colour, `alpha` of 0 to 255, one pixel for each of the image. */
export function bitmapOf(mask: Runs, color: string, alpha: number): HTMLCanvasElement {
  const known = made.get(mask) ?? new Map<string, HTMLCanvasElement>();
  made.set(mask, known);
  const key = `${color}${alpha}`;
  const bitmap = known.get(key) ?? paintMask(mask, color, alpha);
  known.set(key, bitmap);
  return bitmap;
}

function paintMask(mask: Runs, color: string, alpha: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = mask.width;
  canvas.height = mask.height;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const image = context.createImageData(mask.width, mask.height);
  const [red, green, blue] = rgb(color);
  const value = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  paintRuns(new Uint32Array(image.data.buffer), mask, value);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Only the border of the mask, in one colour. */
export function borderOf(mask: Runs, color: string): HTMLCanvasElement {
  const known = made.get(mask) ?? new Map<string, HTMLCanvasElement>();
  made.set(mask, known);
  const bitmap = known.get(color) ?? outlineMask(mask, color);
  known.set(color, bitmap);
  return bitmap;
}

function outlineMask(mask: Runs, color: string): HTMLCanvasElement {
  const canvas = paintMask(mask, color, 255);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const image = context.getImageData(0, 0, mask.width, mask.height);
  const pixels = new Uint32Array(image.data.buffer);
  const inner = interiorPixels(pixels, mask.width, mask.height);
  for (const place of inner) pixels[place] = 0;
  context.putImageData(image, 0, 0);
  return canvas;
}
