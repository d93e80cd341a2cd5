import { type ScatterDrawing, raster } from "./raster.ts";
import type { Renderer } from "./renderer.ts";

/** Draws on the processor into the pixels of a canvas. */
export class CanvasRenderer implements Renderer {
  readonly kind = "canvas";
  readonly #canvas: HTMLCanvasElement;
  #image: ImageData | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(drawing: ScatterDrawing, ratio: number): void {
    const { width, height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (!context || !width || !height) return;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    const projection = drawing.projection.map((part, at) => (at < 8 ? part * ratio : part));
    const radius = drawing.radius < 0.75 ? drawing.radius : drawing.radius * ratio;
    raster(pixels, width, height, { ...drawing, projection, radius });
    context.putImageData(this.#image, 0, 0);
  }

  dispose(): void {
    this.#image = null;
  }
}
