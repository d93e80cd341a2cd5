// Every label and prediction of a sample in words and numbers, linked to the picture.
import { useEffect, useRef } from "react";
import { classNames } from "../parts/class-names.ts";
import { isInstance, isShown, type DrawOptions, type InstanceRef } from "../picture/draw.ts";
import { isWrong, KINDS, kindOf } from "../picture/kinds.ts";
import type { Instance, Layer } from "../picture/layers.ts";
import { KindMark } from "../picture/kind-legend.tsx";
import styles from "./instance-table.module.css";

interface InstanceTableProps {
  layers: readonly Layer[];
  options: Partial<DrawOptions>;
  selected: InstanceRef | null;
  hovered: InstanceRef | null;
  onSelect: (place: InstanceRef | null) => void;
  onHover: (place: InstanceRef | null) => void;
}

export function InstanceTable(props: InstanceTableProps) {
  const { layers, options } = props;
  const rows = rowsOf(layers, options);
  if (!rows.length) return <p className={styles.none}>Nothing is labelled here, and nothing is shown.</p>;
  const isPose = layers.some(({ shape }) => shape === "keypoints");
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Labels and predictions of this sample</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <th scope="col" className={styles.number}>
            Conf.
          </th>
          <th scope="col" className={styles.number}>
            {isPose ? "OKS" : "IoU"}
          </th>
          <th scope="col">Match</th>
          <th scope="col">Result</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ layer, one }) => (
          <Row key={`${layer.column} ${one.index}`} {...props} layer={layer} one={one} />
        ))}
      </tbody>
    </table>
  );
}

type RowProps = InstanceTableProps & { layer: Layer; one: Instance };

function Row({ layers, layer, one, selected, hovered, onSelect, onHover }: RowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  const kind = kindOf(layer.isTruth, one.kind);
  const place = { column: layer.column, index: one.index };
  const isSelected = isInstance(selected, layer, one);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  return (
    <tr
      ref={row}
      className={classNames(styles.row, isInstance(hovered, layer, one) && styles.hovered, isSelected && styles.selected)}
      onMouseEnter={() => onHover(place)}
      onMouseLeave={() => onHover(null)}
      onClick={() => onSelect(isSelected ? null : place)}
    >
      <th scope="row">
        <button
          type="button"
          className={styles.name}
          aria-pressed={isSelected}
          onFocus={() => onHover(place)}
          onBlur={() => onHover(null)}
        >
          <KindMark kind={kind} />
          <span>{one.name}</span>
          <span className="visually-hidden">, {layer.isTruth ? "label" : "prediction"} {one.index}</span>
        </button>
      </th>
      <td className={styles.number}>{one.confidence?.toFixed(2)}</td>
      <td className={styles.number}>{one.overlap?.toFixed(2)}</td>
      <td className={styles.match}>{matchOf(layers, layer, one)}</td>
      <td className={classNames(styles.what, isWrong(kind) && styles.wrong)}>{KINDS[kind]?.name}</td>
    </tr>
  );
}

/** Labels first; then predictions, the most confident ones first. */
export function rowsOf(layers: readonly Layer[], options: Partial<DrawOptions>): { layer: Layer; one: Instance }[] {
  return layers.flatMap((layer) =>
    layer.instances
      .filter((one) => isShown(layer, one, options))
      .sort((a, b) => (layer.isTruth ? 0 : (b.confidence ?? 0) - (a.confidence ?? 0)))
      .map((one) => ({ layer, one })),
  );
}

/** What it was matched with, by name: `fish #2`. */
function matchOf(layers: readonly Layer[], layer: Layer, one: Instance): string {
  if (one.match === null) return "";
  const other = layers.find(({ isTruth, shape }) => isTruth !== layer.isTruth && shape === layer.shape);
  const found = other?.instances[one.match];
  return found ? `${found.name} #${one.match}` : "";
}
