// The sample that is shown with all unsaved edits, and what can be done to its labels.
import { useMemo, useRef } from "react";
import { namesInTable, withEdits } from "../edit/apply-edits.ts";
import { deletedNow, valueNow } from "../edit/edits.ts";
import { plain } from "../edit/instance-values.ts";
import type { EditSession } from "../edit/use-edits.ts";
import { categoriesOf, type Layer, layersOf, type Values } from "../picture/layers.ts";
import type { Category, Column, Sample, SourceInfo } from "../wire.ts";
import { type LabelActions, labelActions } from "./label-actions.ts";

export interface LabelEditing extends LabelActions {
  /** The values of the sample with all edits. */
  values: Values;
  layers: Layer[];
  isDeleted: boolean;
  isWritable: (column: string) => boolean;
  /** The column that new boxes go to; null where the Table has none. */
  boxColumn: string | null;
  categories: (column: string) => readonly Category[];
  setValue: (column: string, value: unknown, title: string) => void;
  /** Leaves the sample out of the next revision, or takes it back. */
  toggleDeleted: () => void;
}

interface EditingProps {
  info: SourceInfo;
  tableInfo: SourceInfo | null;
  session: EditSession | null;
  sample: Sample;
}

export function useLabelEditing({ info, tableInfo, session, sample }: EditingProps): LabelEditing {
  const id = sample.example_id;
  const edits = session?.edits ?? null;
  const nameInTable = useMemo(() => namesInTable(info, tableInfo), [info, tableInfo]);
  const values = useMemo(
    () => (edits ? withEdits(sample.values, nameInTable, (column, stored) => valueNow(edits, id, column, stored)) : sample.values),
    [edits, sample, nameInTable, id],
  );
  const layers = useMemo(() => layersOf(info, values), [info, values]);
  const lastPlaces = useRef(new Map<string, [number, number]>());
  const columnOf = (name: string): Column | null =>
    tableInfo?.columns.find((one) => one.name === nameInTable.get(name)) ?? null;
  const isWritable = (name: string) => Boolean(session?.isReady && columnOf(name)?.writable);
  const change = (name: string, after: unknown, title: string, merge?: string) => {
    const column = nameInTable.get(name);
    if (!column || !session || !isWritable(name)) return;
    const changes = [{ example_id: id, column, before: plain(values[name]), after }];
    const merged = merge === undefined ? {} : { merge: `${id} ${merge}` };
    session.add({ title, changes, deleted: [], restored: [], ...merged });
  };
  const boxColumn = layers.find(({ isTruth, column, shape }) => isTruth && shape === "boxes" && isWritable(column))?.column ?? null;
  const isDeleted = edits ? deletedNow(edits).has(id) : false;
  return {
    ...{ values, layers, isDeleted, isWritable, boxColumn },
    ...labelActions({ info, sample, values, layers, columnOf, isWritable, boxColumn, change, lastPlaces }),
    categories: (name) => {
      const column = columnOf(name) ?? info.columns.find((one) => one.name === name);
      return column ? categoriesOf(column) : [];
    },
    setValue: (name, value, title) => change(name, value, title),
    toggleDeleted: () =>
      session?.add({
        title: isDeleted ? `sample ${id} stays` : `sample ${id} removed`,
        changes: [],
        deleted: isDeleted ? [] : [id],
        restored: isDeleted ? [id] : [],
      }),
  };
}

/** The label that a class is accepted for, of a classification. */
export function acceptedScore(layers: readonly Layer[]): { column: string; label: number; name: string } | null {
  const truth = layers.find(({ isTruth, shape }) => isTruth && shape === "category");
  const best = layers.find(({ isTruth, scores }) => !isTruth && scores.length)?.scores[0];
  if (!truth || !best || truth.scores[0]?.label === best.label) return null;
  return { column: truth.column, label: best.label, name: best.name };
}
