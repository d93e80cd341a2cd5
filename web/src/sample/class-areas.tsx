// Segmentation: the classes in the image, with how much of it each takes in the label and the prediction.
import { colorOf } from "../charts/scales/colors.ts";
import { percent } from "../parts/numbers.ts";
import { isBackground } from "../picture/draw.ts";
import type { Layer } from "../picture/layers.ts";
import { pixelsOf } from "../picture/masks.ts";
import styles from "./class-areas.module.css";

export function ClassAreas({ layers }: { layers: readonly Layer[] }) {
  const drawn = layers.filter(({ shape }) => shape === "segmentation");
  const categories = drawn[0]?.categories ?? [];
  const seen = categories.filter(({ id }) => drawn.some(({ regions }) => regions.some(({ label }) => label === id)));
  if (!drawn.length) return null;
  return (
    <>
      {drawn.some(({ isElsewhere }) => isElsewhere) && <p className={styles.missing}>The class map of the labels cannot be read.</p>}
      {seen.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Class</th>
              {drawn.map(({ column, isTruth }) => (
                <th key={column} scope="col" title={column}>
                  {isTruth ? "label" : "predicted"}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.map((category) => (
              <tr key={category.id}>
                <th scope="row">
                  <span
                    className={styles.swatch}
                    style={{ background: isBackground(category) ? "transparent" : colorOf(category, categories.indexOf(category)) }}
                  />
                  {category.name}
                </th>
                {drawn.map((layer) => (
                  <td key={layer.column}>{share(layer, category.id)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function share({ regions }: Layer, label: number): string {
  const mask = regions.find((region) => region.label === label)?.mask;
  if (mask?.kind !== "runs") return "–";
  return percent(pixelsOf(mask.counts) / (mask.width * mask.height));
}
