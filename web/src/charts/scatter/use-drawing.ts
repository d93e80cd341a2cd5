// Keeps a canvas as large as its frame, and draws at most once per picture of the screen.
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Size } from "../../parts/use-size.ts";
import type { ScatterDrawing } from "./raster.ts";
import { makeRenderer, type Renderer } from "./renderer.ts";

/**
 * Draws what `drawing` says whenever it is another one.
 *
 * Returns:
 *     The key of the canvas: with another one it is another canvas, where the old one failed.
 */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  size: Size,
  drawing: ScatterDrawing | null,
): number {
  const [key, setKey] = useState(0);
  const renderer = useRef<Renderer | null>(null);
  const pending = useRef(0);
  const latest = useRef(drawing);
  latest.current = drawing;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another canvas has to be drawn into too
  const paint = useCallback(() => {
    pending.current = 0;
    const element = canvas.current;
    if (!element || !latest.current || !size.width || !size.height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    renderer.current ??= makeRenderer(element, () => {
      renderer.current?.dispose();
      renderer.current = null;
      setKey((old) => old + 1);
    });
    if (!renderer.current) return;
    element.dataset.renderer = renderer.current.kind;
    const start = performance.now();
    renderer.current.draw(latest.current, ratio);
    element.dataset.drawMs = (performance.now() - start).toFixed(1);
  }, [canvas, key, size.width, size.height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new drawing is what asks for another picture
  useEffect(() => {
    pending.current ||= requestAnimationFrame(paint);
  }, [paint, drawing]);

  useEffect(
    () => () => {
      cancelAnimationFrame(pending.current);
      pending.current = 0;
      renderer.current?.dispose();
      renderer.current = null;
    },
    [],
  );
  return key;
}
