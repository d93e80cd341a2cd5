import { memo, type ReactNode, useMemo } from "react";
import { Picture } from "../picture/picture.tsx";
import type { Drawn } from "./layers-of-rows.ts";
import styles from "./tile.module.css";

interface TileProps {
  /** Address of the thumbnail; null where samples have no image. */
  src: string | null;
  /** Pixels of the square that the image is in. */
  size: number;
  drawn: Drawn | null;
  /** Predictions below this confidence are not drawn. */
  least?: number;
  caption?: ReactNode;
}

/** Tiles from this size on have room for the names of what is drawn. */
const NAMED = 240;

/** One sample: its image, what is drawn over it, and a few numbers. */
export const Tile = memo(function Tile(props: TileProps) {
  const { src, size, drawn, least = 0, caption } = props;
  const hasTags = size >= NAMED;
  const options = useMemo(() => ({ confidence: least, hasTags, lineWidth: 2 }), [least, hasTags]);
  return (
    <>
      <div className={styles.frame} style={{ height: size }}>
        <Picture src={src} alt="" layers={drawn?.layers} extent={drawn?.extent} options={options} />
      </div>
      {caption && <div className={styles.caption}>{caption}</div>}
    </>
  );
});
