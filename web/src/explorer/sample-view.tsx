// One sample wherever it is shown small: in the grid, in a row, beside a point.
import { useMemo } from "react";
import { segments } from "../api.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { shortNumber } from "../charts/ticks.ts";
import type { Row } from "../data/pages.ts";
import { extentOf, instancesOf } from "../grid/instances.ts";
import type { Overlay, Palette } from "../grid/overlay.ts";
import { readPalette } from "../grid/overlay.ts";
import { token, useTheme } from "../parts/theme.ts";
import type { Column, SourceInfo } from "../wire.ts";
import { shortTitle } from "./look.ts";
import styles from "./sample-view.module.css";
import type { MetricHistory } from "./use-history.ts";
import { valueName } from "./words.ts";

/** Address of a thumbnail at least that many pixels wide; null where samples have no image. */
export function thumbnail(info: SourceInfo, exampleId: number, size: number): string | null {
  if (!info.image_path || !info.image_column) return null;
  const wanted = size * (window.devicePixelRatio || 1);
  const pixels = [128, 256, 512].find((each) => each >= wanted) ?? 512;
  return `${info.image_path}/${segments(exampleId)}?column=${encodeURIComponent(info.image_column)}&size=${pixels}`;
}

/** Columns that a row must have so that its labels and predictions can be drawn. */
export function drawnColumns(info: SourceInfo): string[] {
  const kinds = info.columns.filter(({ name }) => name === "ground_truth_kind").map(({ name }) => name);
  const shapes = [...info.truth, ...info.predictions].filter((name) => {
    const role = info.columns.find((column) => column.name === name)?.role;
    return role === "boxes" || role === "keypoints";
  });
  return shapes.length ? [...shapes, ...kinds] : [];
}

/** Labels and predictions of a row from a confidence on. */
export function overlayOf(info: SourceInfo, row: Row, least: number): Overlay | null {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => info.columns.find((column) => column.name === name) ?? []);
  const all = (columns: Column[], kinds: unknown) =>
    columns.flatMap((column) => instancesOf(row[column.name], column, kinds));
  const extent = [...info.truth, ...info.predictions].reduce<[number, number] | null>(
    (found, name) => found ?? extentOf(row[name]),
    null,
  );
  if (!extent) return null;
  const truth = all(named(info.truth), row.ground_truth_kind);
  const predictions = all(named(info.predictions), null).filter(
    ({ confidence }) => confidence === null || confidence >= least,
  );
  return { truth, predictions, extent };
}

/** Colours of instances in the theme that is shown. */
export function usePalette(): Palette {
  const { shown } = useTheme();
  // biome-ignore lint: tokens change with the theme
  return useMemo(() => readPalette(token), [shown]);
}

/** A value of a sample as text. */
export function valueText(value: unknown, column: Column | undefined): string {
  if (value === null || value === undefined) return "–";
  if (column?.role === "number") return shortNumber(Number(value));
  return valueName(value as string | number | boolean, column);
}

interface CaptionProps {
  info: SourceInfo;
  row: Row;
  names: readonly string[];
  history: MetricHistory | null;
  epoch: number | null;
  /** Pixels that there are. */
  width: number;
}

/** A few numbers under an image, and how the first of them went over the epochs. */
export function Caption({ info, row, names, history, epoch, width }: CaptionProps) {
  const past = history && width >= 110 ? history.of(row.example_id as number) : null;
  const room = Math.max(1, Math.floor((width - (past ? 50 : 0)) / 48));
  return (
    <>
      {names.slice(0, room).map((name) => {
        const column = info.columns.find((one) => one.name === name);
        return (
          <span key={name} className={styles.value} title={name}>
            <span>{shortTitle(name)}</span> {valueText(row[name], column)}
          </span>
        );
      })}
      {past && history && (
        <span className={styles.past}>
          <Sparkline
            values={past}
            low={history.low}
            high={history.high}
            at={history.epochs.indexOf(epoch)}
            label={`${history.metric} over the epochs`}
          />
        </span>
      )}
    </>
  );
}

/** What a sample is, for those who cannot see it. */
export function describeRow(info: SourceInfo, row: Row, names: readonly string[]): string {
  const values = names.map((name) => {
    const column = info.columns.find((one) => one.name === name);
    return `${name} ${valueText(row[name], column)}`;
  });
  return [`Sample ${row.example_id}`, ...values].join(", ");
}
