// An image as large as the window, with its layers: zoom, pan, and what is under the pointer.
import { Maximize2, Minus, Plus } from "lucide-react";
import { type PointerEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSize } from "../parts/use-size.ts";
import { IconButton } from "../parts/button.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import { EmptyState } from "../parts/states.tsx";
import { type DrawOptions, drawLayers, type InstanceRef } from "./draw.ts";
import { findInstance } from "./find-instance.ts";
import type { Layer } from "./layers.ts";
import { usePalette } from "./picture.tsx";
import { type Extent, fitImage, panImage, toImage, type ImageView, zoomImage } from "./view.ts";
import styles from "./viewer.module.css";

/** What a tool makes of the pointer, in pixels of the image; without one it pans and selects. */
export interface ViewerTool {
  /** Whether it takes this press; the view then stays where it is. */
  onDown: (at: [number, number], near: number) => boolean;
  onMove: (at: [number, number], isDown: boolean, near: number) => void;
  onUp: (at: [number, number]) => void;
  /** Shape of the pointer now. */
  cursor: string | null;
  /** Drawn over all layers, pixels of the screen. */
  draw: (context: CanvasRenderingContext2D, view: ImageView) => void;
  /** Changes when it would draw something else. */
  version: unknown;
}

interface ViewerProps {
  /** The whole image; null where there is none. */
  src: string | null;
  /** What it shows, for screen readers. */
  label: string;
  /** Size of the image in pixels; null where it cannot be read. */
  extent: Extent | null;
  /** Why it cannot be read. */
  problem: string | null;
  layers: readonly Layer[];
  options: Omit<DrawOptions, "scale" | "palette" | "left" | "top" | "selected" | "hovered">;
  selected: InstanceRef | null;
  hovered: InstanceRef | null;
  onSelect: (place: InstanceRef | null) => void;
  onHover: (place: InstanceRef | null) => void;
  tool?: ViewerTool | null;
  /** Over the lower edge. */
  children?: ReactNode;
}

const NEAR = 5;

export function Viewer(props: ViewerProps) {
  const { src, label, problem, layers, options, selected, hovered, tool } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const palette = usePalette();
  const [image, setImage] = useState<{ src: string; element: HTMLImageElement | null } | null>(null);
  const loaded = image?.src === src ? image : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is drawn asks for another picture
  const extent = useMemo<Extent>(() => {
    if (props.extent) return props.extent;
    const natural = loaded?.element;
    return natural ? { width: natural.naturalWidth, height: natural.naturalHeight } : { width: 640, height: 480 };
  }, [props.extent?.width, props.extent?.height, loaded]);
  const [chosen, setChosen] = useState<{ key: string; view: ImageView } | null>(null);
  const key = `${extent.width}x${extent.height}`;
  const whole = fitImage(extent, size);
  const view = chosen?.key === key ? chosen.view : whole;
  const show = useCallback((next: ImageView | null) => setChosen(next && { key, view: next }), [key]);
  const zoom = (factor: number, at?: [number, number]) =>
    show(zoomImage(view, factor, at ?? [size.width / 2, size.height / 2], extent, size));

  useEffect(() => {
    if (!src || problem !== null) return;
    const element = new Image();
    element.onload = () => setImage({ src, element });
    element.onerror = () => setImage({ src, element: null });
    element.src = src;
  }, [src, problem]);
  useWheel(canvas, (event) => {
    const at: [number, number] = [event.offsetX, event.offsetY];
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), at);
  });
  useShortcuts([
    { keys: ["+", "="], description: "Zoom in", run: () => zoom(1.4), group: "Image" },
    { keys: "-", description: "Zoom out", run: () => zoom(1 / 1.4), group: "Image" },
    { keys: "0", description: "Show the whole image", run: () => show(null), group: "Image" },
  ]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is drawn asks for another picture
  useEffect(() => {
    const wanted = requestAnimationFrame(() => {
      const context = resizeCanvas(canvas.current, size);
      if (!context) return;
      drawImage(context, loaded?.element ?? null, view, extent);
      drawLayers(context, layers, { ...options, scale: view.scale, left: view.left, top: view.top, palette, selected, hovered });
      tool?.draw(context, view);
    });
    return () => cancelAnimationFrame(wanted);
  }, [size, loaded, view.scale, view.left, view.top, layers, options, palette, selected, hovered, tool?.version]);

  const pointer = usePointer({ props, view, show, extent, size });
  if (problem !== null || (loaded && !loaded.element)) return <Broken problem={problem} />;
  return (
    <div ref={frame} className={styles.viewer}>
      <canvas ref={canvas} className={styles.canvas} role="img" aria-label={label} style={{ cursor: pointer.cursor }} {...pointer.handlers} />
      <div className={styles.tools}>
        <IconButton label="Zoom out" keys="-" small onClick={() => zoom(1 / 1.4)}>
          <Minus size={14} />
        </IconButton>
        <span className={styles.scale}>{Math.round(view.scale * 100)} %</span>
        <IconButton label="Zoom in" keys="+" small onClick={() => zoom(1.4)}>
          <Plus size={14} />
        </IconButton>
        <IconButton label="Show the whole image" keys="0" small onClick={() => show(null)}>
          <Maximize2 size={13} />
        </IconButton>
      </div>
      {props.children}
    </div>
  );
}

interface PointerProps {
  props: ViewerProps;
  view: ImageView;
  show: (view: ImageView) => void;
  extent: Extent;
  size: Extent;
}

/** Pans with the pointer and says what is under it, unless a tool takes it. */
function usePointer({ props, view, show, extent, size }: PointerProps) {
  const pressed = useRef<{ x: number; y: number; isTool: boolean; hasMoved: boolean } | null>(null);
  const { tool, layers, options } = props;
  const near = NEAR / view.scale;
  const at = (event: PointerEvent) => toImage(view, [event.nativeEvent.offsetX, event.nativeEvent.offsetY]);
  const found = (event: PointerEvent) => findInstance(layers, at(event), near, options);
  const handlers = {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
      if (event.button > 1) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const isTool = event.button === 0 && Boolean(tool?.onDown(at(event), near));
      pressed.current = { x: event.clientX, y: event.clientY, isTool, hasMoved: false };
    },
    onPointerMove(event: PointerEvent) {
      const now = pressed.current;
      if (!now || now.isTool) tool?.onMove(at(event), Boolean(now), near);
      if (!now) return props.onHover(same(found(event), props.hovered));
      const by: [number, number] = [event.clientX - now.x, event.clientY - now.y];
      if (now.isTool || (!now.hasMoved && Math.hypot(...by) < 4)) return;
      pressed.current = { ...now, x: event.clientX, y: event.clientY, hasMoved: true };
      show(panImage(view, by, extent, size));
    },
    onPointerUp(event: PointerEvent) {
      const now = pressed.current;
      pressed.current = null;
      if (now?.isTool) tool?.onUp(at(event));
      else if (now && !now.hasMoved) props.onSelect(found(event));
    },
    onPointerLeave: () => props.onHover(null),
  };
  return { handlers, cursor: tool?.cursor ?? (props.hovered ? "pointer" : "grab") };
}

/** The old object where nothing has changed, so that nothing is drawn again. */
function same(next: InstanceRef | null, old: InstanceRef | null): InstanceRef | null {
  return next?.column === old?.column && next?.index === old?.index ? old : next;
}

function Broken({ problem }: { problem: string | null }) {
  return (
    <div className={styles.viewer}>
      <EmptyState title="This image cannot be read">
        {problem ?? "The file is not there, or is no image."}
      </EmptyState>
    </div>
  );
}

function resizeCanvas(canvas: HTMLCanvasElement | null, { width, height }: Extent) {
  const context = canvas?.getContext("2d");
  if (!canvas || !context || !width || !height) return null;
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function drawImage(context: CanvasRenderingContext2D, image: HTMLImageElement | null, view: ImageView, extent: Extent) {
  if (!image) return;
  context.imageSmoothingEnabled = view.scale < 4;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, view.left, view.top, extent.width * view.scale, extent.height * view.scale);
}

/** React listens passively to wheels, which then scroll the page too. */
function useWheel(canvas: React.RefObject<HTMLCanvasElement | null>, onWheel: (event: WheelEvent) => void) {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const element = canvas.current;
    const listen = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    element?.addEventListener("wheel", listen, { passive: false });
    return () => element?.removeEventListener("wheel", listen);
  });
}
