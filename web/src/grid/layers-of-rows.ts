// What is drawn over the images of a list: read out of each row once.
import { useCallback, useMemo } from "react";
import type { Row } from "../data/pages.ts";
import { extentOf, type Layer, layersOf } from "../picture/layers.ts";
import type { SourceInfo } from "../wire.ts";

export interface RowLayers {
  layers: Layer[];
  extent: [number, number] | null;
}

const DRAWN = new Set(["boxes", "keypoints", "masks", "segmentation"]);
const KINDS = "ground_truth_kind";

/** Columns that a row must have so that its labels and predictions can be drawn. */
export function drawnColumns(info: SourceInfo): string[] {
  const named = new Set([...info.truth, ...info.predictions]);
  const shapes = info.columns.filter(({ name, role }) => named.has(name) && DRAWN.has(role));
  const kinds = shapes.length ? info.columns.filter(({ name }) => name === KINDS) : [];
  return [...shapes, ...kinds].map(({ name }) => name);
}

/** Whether predictions are drawn one by one, each with a confidence: not areas of class maps. */
export function hasConfidences(info: SourceInfo): boolean {
  return info.columns.some(
    ({ name, role }) => info.predictions.includes(name) && DRAWN.has(role) && role !== "segmentation",
  );
}

export function rowLayers(info: SourceInfo, row: Row): RowLayers {
  return { layers: layersOf(info, row), extent: extentOf(info, row) };
}

/** The same object for the same row, so that nothing is drawn twice. */
export function useRowLayers(info: SourceInfo): (row: Row) => RowLayers {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source reads its rows otherwise
  const known = useMemo(() => new WeakMap<Row, RowLayers>(), [info]);
  return useCallback(
    (row: Row) => {
      const old = known.get(row);
      if (old) return old;
      const made = rowLayers(info, row);
      known.set(row, made);
      return made;
    },
    [known, info],
  );
}
