// Above compared samples: pairs or the confusion matrix, from which confidence on, and what narrows them.
import { Grid3x3, Images, X } from "lucide-react";
import { Button } from "../parts/button.tsx";
import { countWith, shortNumber } from "../parts/numbers.ts";
import { Slider } from "../parts/slider.tsx";
import type { SourceInfo } from "../wire.ts";
import styles from "./compare.module.css";
import type { Cell } from "./confusion-cells.ts";
import type { Comparison } from "./use-comparison.ts";

export function CompareToolbar({ comparison, info }: { comparison: Comparison; info: SourceInfo }) {
  const { query, set, cell, shown, isLoading } = comparison;
  return (
    <div className={styles.filters}>
      <Button small pressed={query.matrix === ""} onClick={() => set({ matrix: "" })}>
        <Images size={14} />
        Samples
      </Button>
      <Button small pressed={query.matrix !== ""} onClick={() => set({ matrix: query.cell_side })}>
        <Grid3x3 size={14} />
        Confusion matrix
      </Button>
      <Slider
        label="Min. confidence"
        value={query.confidence}
        maximum={1}
        step={0.05}
        onChange={(confidence) => set({ confidence })}
        format={(value) => value.toFixed(2)}
      />
      <span className={styles.space} />
      {cell && (
        <Button small onClick={() => set({ cell: "" })}>
          {cellName(cell, info)} ({query.cell_side})
          <X size={13} aria-label="Show the samples of all cells" />
        </Button>
      )}
      {query.range && (
        <Button small onClick={() => set({ range: null, show: "" })}>
          {shortNumber(query.range[0])} to {shortNumber(query.range[1])}
          <X size={13} aria-label="Show all differences" />
        </Button>
      )}
      <span role="status">{isLoading ? "…" : countWith(shown.length, "sample")}</span>
    </div>
  );
}

/** `fish → apple`, `background → car`. */
function cellName({ truth, predicted }: Cell, info: SourceInfo): string {
  const categories = info.columns
    .filter((column) => [...info.truth, ...info.predictions].includes(column.name))
    .flatMap((column) => [
      ...(column.categories ?? []),
      ...(column.properties?.find((one) => one.name === "label")?.categories ?? []),
    ]);
  const name = (id: number | null) =>
    id === null ? "background" : (categories.find((one) => one.id === id)?.name ?? String(id));
  return `${name(truth)} → ${name(predicted)}`;
}
