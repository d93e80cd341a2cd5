import { memo, type ReactNode, useMemo } from "react";
import { EditMark } from "../edit/edit-mark.tsx";
import type { EditMarkKind } from "../edit/apply-edits.ts";
import { Picture } from "../picture/picture.tsx";
import type { RowLayers } from "./layers-of-rows.ts";
import styles from "./tile.module.css";

interface TileProps {
  /** Address of the thumbnail; null where samples have no image. */
  src: string | null;
  /** Pixels of the square that the image is in. */
  size: number;
  drawn: RowLayers | null;
  /** Predictions below this confidence are not drawn. */
  least?: number;
  /** What unsaved edits make of the sample. */
  mark?: EditMarkKind | null;
  caption?: ReactNode;
}

/** Tiles from this size on have room for the names of what is drawn. */
const NAMED = 240;

/** Tiles from this size on have room for the word of a mark. */
const MARKED = 110;

/** One sample: its image, what is drawn over it, and a few numbers. */
export const Tile = memo(function Tile(props: TileProps) {
  const { src, size, drawn, least = 0, mark = null, caption } = props;
  const hasTags = size >= NAMED;
  const options = useMemo(() => ({ confidence: least, hasTags, lineWidth: 2 }), [least, hasTags]);
  return (
    <>
      <div className={styles.frame} style={{ height: size }} data-mark={mark ?? undefined}>
        <Picture src={src} alt="" layers={drawn?.layers} extent={drawn?.extent} options={options} />
        {mark && (
          <span className={styles.mark}>
            <EditMark mark={mark} isBare={size < MARKED} />
          </span>
        )}
      </div>
      {caption && <div className={styles.caption}>{caption}</div>}
    </>
  );
});
