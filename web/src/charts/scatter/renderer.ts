// What draws the points: WebGL2 where a graphics card does it, else the processor itself.
import { CanvasRenderer } from "./canvas-renderer.ts";
import { GlRenderer } from "./gl-renderer.ts";
import type { ScatterDrawing } from "./raster.ts";

export interface Renderer {
  /** `webgl` or `canvas`, for those who wonder. */
  readonly kind: string;
  /** Draws into the canvas, `ratio` of whose pixels are one pixel of the page. */
  draw(drawing: ScatterDrawing, ratio: number): void;
  dispose(): void;
}

/**
 * What draws into a canvas. One that a graphics card has drawn into can never be drawn into by the
 * processor: where the card fails, `onFailed` asks for another canvas, and the answer is null.
 */
export function makeRenderer(canvas: HTMLCanvasElement, onFailed: () => void): Renderer | null {
  if (wantsCanvas() || !hasHardware()) return new CanvasRenderer(canvas);
  const fail = () => {
    known = false;
    onFailed();
  };
  const made = GlRenderer.make(canvas, fail);
  if (!made) fail();
  return made;
}

/** A processor that pretends to be a graphics card is slower than drawing the points ourselves. */
export function isSoftware(name: string): boolean {
  return /swiftshader|llvmpipe|softpipe|swrast|software|basic render/i.test(name);
}

/** `?renderer=canvas` or `webgl` in the address decides, for tests and for broken drivers. */
function wantsCanvas(): boolean {
  return new URLSearchParams(location.search).get("renderer") === "canvas";
}

/** Whether a graphics card draws well; false for good once it has failed. */
let known: boolean | undefined;

function hasHardware(): boolean {
  known ??= new URLSearchParams(location.search).get("renderer") === "webgl" || detect();
  return known;
}

function detect(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return false;
  const details = gl.getExtension("WEBGL_debug_renderer_info");
  const name = details ? String(gl.getParameter(details.UNMASKED_RENDERER_WEBGL)) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !isSoftware(name);
}
