import { extentOf, instancesOf } from "../grid/instances.ts";
import type { Overlay } from "../grid/overlay.ts";
import type { Column, SourceInfo } from "../wire.ts";

const DRAWN = new Set(["boxes", "keypoints", "masks"]);

/** Labels and predictions of one stored row, to be drawn over its image; null where it has none. */
export function overlayOf(row: Record<string, unknown>, info: SourceInfo): Overlay | null {
  const columns = (names: string[]) =>
    info.columns.filter((column) => names.includes(column.name) && DRAWN.has(column.role));
  const [truth, predictions] = [columns(info.truth), columns(info.predictions)];
  const extent = [...truth, ...predictions].map((one) => extentOf(row[one.name])).find(Boolean);
  if (!extent) return null;
  const of = (column: Column, kinds: unknown) => instancesOf(row[column.name], column, kinds);
  return {
    truth: truth.flatMap((column) => of(column, row.ground_truth_kind)),
    predictions: predictions.flatMap((column) => of(column, null)),
    extent,
  };
}

/** Columns that the overlay and the image need. */
export function overlayColumns(info: SourceInfo): string[] {
  const wanted = [...info.truth, ...info.predictions, "ground_truth_kind"];
  return info.columns.map((column) => column.name).filter((name) => wanted.includes(name));
}
