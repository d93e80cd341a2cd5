// A small picture with what is drawn over it: cheap, for there are a hundred in a grid.
import { ImageOff } from "lucide-react";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { themeColor, useTheme } from "../parts/theme.ts";
import { type DrawOptions, drawLayers } from "./draw.ts";
import { paletteOf } from "./kinds.ts";
import type { Layer } from "./layers.ts";
import styles from "./picture.module.css";

interface PictureProps {
  /** Address of the thumbnail; null where there is no image. */
  src: string | null;
  /** What it shows; `""` where text beside it says so. */
  alt: string;
  layers?: readonly Layer[];
  /** Pixels of the whole image that the layers count in. */
  extent?: readonly [number, number] | null;
  options?: Partial<DrawOptions>;
}

/** Fills its parent; the image keeps its shape. */
export const Picture = memo(function Picture({ src, alt, layers, extent, options }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null);
  if (src === null || broken === src) {
    return (
      // biome-ignore lint/a11y/useAriaPropsSupportedByRole: it has the role of an image wherever it has a label
      <span className={styles.broken} role={alt ? "img" : undefined} aria-label={alt || undefined}>
        <ImageOff size={18} strokeWidth={1.5} aria-hidden />
        <span>{src ? "cannot be read" : "no image"}</span>
      </span>
    );
  }
  return (
    <span className={styles.picture}>
      <img src={src} alt={alt} decoding="async" loading="lazy" draggable={false} onError={() => setBroken(src)} />
      {layers && extent && <Overlay layers={layers} extent={extent} options={options} />}
    </span>
  );
});

interface OverlayProps {
  layers: readonly Layer[];
  extent: readonly [number, number];
  options?: Partial<DrawOptions>;
}

function Overlay({ layers, extent, options }: OverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  const [width, height] = extent;
  useEffect(() => {
    const element = canvas.current;
    const draw = () => {
      const context = element?.getContext("2d");
      if (!element || !context) return;
      const ratio = window.devicePixelRatio || 1;
      const box = element.getBoundingClientRect();
      element.width = Math.round(box.width * ratio);
      element.height = Math.round(box.height * ratio);
      context.scale(ratio, ratio);
      const scale = Math.min(box.width / width, box.height / height);
      const [left, top] = [(box.width - width * scale) / 2, (box.height - height * scale) / 2];
      drawLayers(context, layers, { lineWidth: 1.5, ...options, scale, left, top, palette });
    };
    draw();
    const observer = new ResizeObserver(draw);
    if (element) observer.observe(element);
    return () => observer.disconnect();
  }, [layers, width, height, options, palette]);
  return <canvas ref={canvas} className={styles.overlay} aria-hidden />;
}

/** Colours of kinds, in the theme that is shown. */
export function usePalette() {
  const { shown } = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  return useMemo(() => paletteOf(themeColor), [shown]);
}
