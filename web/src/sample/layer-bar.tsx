// Which layers are drawn, and from which confidence on.
import { classNames } from "../parts/class-names.ts";
import { Slider } from "../parts/slider.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { Layer } from "../picture/layers.ts";
import styles from "./layer-bar.module.css";

interface LayerBarProps {
  layers: readonly Layer[];
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
  least: number;
  onLeast: (least: number) => void;
  hasTags: boolean;
  onTags: (hasTags: boolean) => void;
}

export function LayerBar({ layers, hidden, onHidden, least, onLeast, hasTags, onTags }: LayerBarProps) {
  const drawn = layers.filter(({ shape }) => shape !== "category");
  const toggle = (columns: string[]) => {
    const next = new Set(hidden);
    const isShown = columns.some((column) => !next.has(column));
    for (const column of columns) {
      if (isShown) next.add(column);
      else next.delete(column);
    }
    onHidden(next);
  };
  const of = (isTruth: boolean) => drawn.filter((layer) => layer.isTruth === isTruth).map(({ column }) => column);
  const hasConfidence = drawn.some(({ instances }) => instances.some(({ confidence }) => confidence !== null));
  useShortcuts([
    { keys: "g", description: "Show or hide the labels", run: () => toggle(of(true)), group: "Image", disabled: !of(true).length },
    { keys: "p", description: "Show or hide the predictions", run: () => toggle(of(false)), group: "Image", disabled: !of(false).length },
    { keys: "n", description: "Show or hide names", run: () => onTags(!hasTags), group: "Image" },
  ]);
  if (!drawn.length) return null;
  return (
    <div className={styles.bar}>
      <div className={styles.layers} role="group" aria-label="Layers">
        {drawn.map((layer) => (
          <button
            key={layer.column}
            type="button"
            className={classNames(styles.layer, hidden.has(layer.column) && styles.off)}
            aria-pressed={!hidden.has(layer.column)}
            onClick={() => toggle([layer.column])}
          >
            <span className={styles.mark} data-truth={layer.isTruth || undefined} aria-hidden />
            {layer.column}
          </button>
        ))}
        <button type="button" className={classNames(styles.layer, !hasTags && styles.off)} aria-pressed={hasTags} onClick={() => onTags(!hasTags)}>
          names
        </button>
      </div>
      {hasConfidence && (
        <Slider label="Min. confidence" value={least} maximum={1} step={0.01} onChange={onLeast} format={(value) => value.toFixed(2)} />
      )}
    </div>
  );
}
