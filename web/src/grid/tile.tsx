import { Check, ImageOff } from "lucide-react";
import { memo, type ReactNode, useEffect, useRef, useState } from "react";
import { drawOverlay, type Overlay, type Palette } from "./overlay.ts";
import styles from "./tile.module.css";

interface TileProps {
  /** Address of the thumbnail; null where samples have no image. */
  src: string | null;
  /** Pixels of the square that the image is in. */
  size: number;
  overlay: Overlay | null;
  palette: Palette;
  picked: boolean;
  caption?: ReactNode;
}

/** One sample: its image, what is drawn over it, and a few numbers. */
export const Tile = memo(function Tile({ src, size, overlay, palette, picked, caption }: TileProps) {
  return (
    <>
      <div className={styles.frame} style={{ height: size }}>
        <Thumbnail key={src} src={src} />
        {overlay && <OverlayCanvas size={size} overlay={overlay} palette={palette} />}
        {picked && (
          <span className={styles.mark}>
            <Check size={13} strokeWidth={3} />
          </span>
        )}
      </div>
      {caption && <div className={styles.caption}>{caption}</div>}
    </>
  );
});

export function Thumbnail({ src }: { src: string | null }) {
  const [state, setState] = useState<"waiting" | "there" | "broken">(src ? "waiting" : "broken");
  if (state === "broken") {
    return (
      <span className={styles.broken}>
        <ImageOff size={20} strokeWidth={1.5} />
        <span>{src ? "cannot be read" : "no image"}</span>
      </span>
    );
  }
  return (
    <img
      className={styles.image}
      data-waiting={state === "waiting" || undefined}
      src={src as string}
      alt=""
      decoding="async"
      draggable={false}
      onLoad={() => setState("there")}
      onError={() => setState("broken")}
    />
  );
}

function OverlayCanvas({ size, overlay, palette }: { size: number; overlay: Overlay; palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = element.getBoundingClientRect();
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    drawOverlay(context, width, height, overlay, palette);
  }, [size, overlay, palette]);
  return <canvas ref={canvas} className={styles.overlay} aria-hidden />;
}
