// What a person does to the labels of the sample that is shown, as edits of its Table.
import { useMemo, useRef } from "react";
import { acceptPrediction } from "../edit/accept.ts";
import { deletedNow, type Step, valueNow } from "../edit/edits.ts";
import { namesInTable, withEdits } from "../edit/apply-edits.ts";
import { middleOf, VISIBILITIES } from "../edit/label-points.ts";
import { instanceOf } from "../edit/use-edit-tool.ts";
import type { EditSession } from "../edit/use-edits.ts";
import { boxGeometry, instancesIn, plain, withBox, withCorner, withInstance, withJoint, withLabel, withoutInstance, withVisibility } from "../edit/instance-values.ts";
import type { InstanceRef } from "../picture/draw.ts";
import { type Box, categoriesOf, type Layer, layersOf, type Values } from "../picture/layers.ts";
import type { Category, Column, Sample, SourceInfo } from "../wire.ts";

export interface LabelEditing {
  /** The values of the sample with all edits. */
  values: Values;
  layers: Layer[];
  isDeleted: boolean;
  isWritable: (column: string) => boolean;
  /** The column that new boxes go to; null where the Table has none. */
  boxColumn: string | null;
  categories: (column: string) => readonly Category[];
  setBox: (place: InstanceRef, box: Box, merge?: string) => void;
  /** Moves a joint of a pose, or a corner of a polygon. */
  setPoint: (place: InstanceRef, point: number, at: [number, number], merge?: string) => void;
  /** 0 not labelled, 1 hidden, 2 visible. */
  setVisibility: (place: InstanceRef, joint: number, visibility: number) => void;
  setLabel: (place: InstanceRef, label: number) => void;
  remove: (place: InstanceRef) => void;
  /** Returns where the new box is. */
  add: (box: Box, label: number | null) => InstanceRef | null;
  accept: (place: InstanceRef) => InstanceRef | null;
  setValue: (column: string, value: unknown, title: string) => void;
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
  const values = useMemo(() => (edits ? withEdits(sample.values, nameInTable, (column, stored) => valueNow(edits, id, column, stored)) : sample.values), [edits, sample, nameInTable, id]);
  const layers = useMemo(() => layersOf(info, values), [info, values]);

  const columnOf = (name: string): Column | null =>
    tableInfo?.columns.find((one) => one.name === nameInTable.get(name)) ?? null;
  const isWritable = (name: string) => Boolean(session?.isReady && columnOf(name)?.writable);
  const change = (name: string, after: unknown, title: string, merge?: string) => {
    const column = nameInTable.get(name);
    if (!column || !session || !isWritable(name)) return;
    const step: Step = {
      title,
      changes: [{ example_id: id, column, before: plain(values[name]), after }],
      deleted: [],
      restored: [],
      ...(merge === undefined ? {} : { merge: `${id} ${merge}` }),
    };
    session.add(step);
  };
  const at = (place: InstanceRef) => instanceOf(layers, place);
  const jointName = (column: string, joint: number) =>
    info.columns.find((one) => one.name === column)?.skeleton?.joints[joint] ?? `joint ${joint}`;
  // Where joints were before they had no place.
  const places = useRef(new Map<string, [number, number]>());
  const truth = layers.filter(({ isTruth }) => isTruth);
  const boxColumn = truth.find(({ column, shape }) => shape === "boxes" && isWritable(column))?.column ?? null;
  const isDeleted = edits ? deletedNow(edits).has(id) : false;

  return {
    values,
    layers,
    isDeleted,
    isWritable,
    boxColumn,
    categories: (name) => categoriesOf(columnOf(name) ?? info.columns.find((one) => one.name === name) ?? ({} as Column)),
    setBox: (place, box, merge) => change(place.column, withBox(values[place.column], place.index, box), `${at(place)?.name} moved`, merge),
    setPoint: (place, point, to, merge) => {
      const isJoint = Boolean(at(place)?.joints.length);
      const name = isJoint ? jointName(place.column, point) : `corner of ${at(place)?.name}`;
      const moved = isJoint ? withJoint : withCorner;
      change(place.column, moved(values[place.column], place.index, point, to), `${name} moved`, merge);
    },
    setVisibility: (place, joint, visibility) => {
      const one = at(place);
      const now = one?.joints[joint];
      if (!one || !now || now.visibility === visibility) return;
      const key = `${id} ${place.column} ${place.index} ${joint}`;
      if (now.visibility > 0) places.current.set(key, [now.x, now.y]);
      const otherwise = places.current.get(key) ?? middleOf(one);
      const next = withVisibility(values[place.column], place.index, joint, visibility, otherwise);
      change(place.column, next, `${jointName(place.column, joint)} ${VISIBILITIES[visibility]}`, `seen ${key}`);
    },
    setLabel: (place, label) => {
      const column = columnOf(place.column);
      const name = column && categoriesOf(column).find((one) => one.id === label)?.name;
      change(place.column, withLabel(values[place.column], place.index, label), `${at(place)?.name} → ${name}`);
    },
    remove: (place) => change(place.column, withoutInstance(values[place.column], place.index), `${at(place)?.name} deleted`),
    add: (box, label) => {
      const column = boxColumn && columnOf(boxColumn);
      if (!boxColumn || !column) return null;
      const name = categoriesOf(column).find((one) => one.id === label)?.name ?? "box";
      const value = withExtent(values[boxColumn], sample);
      change(boxColumn, withInstance(value, boxGeometry(box), label, column), `${name} drawn`);
      return { column: boxColumn, index: instancesIn(value).instances.length };
    },
    accept: (place) => {
      const layer = layers.find(({ column }) => column === place.column);
      const one = at(place);
      const target = truth.find(({ column, shape }) => shape === layer?.shape && isWritable(column));
      const column = target && columnOf(target.column);
      if (!one || !target || !column) return null;
      const stored = instancesIn(values[place.column]).instances[one.index] ?? {};
      const { value, title, index } = acceptPrediction(withExtent(values[target.column], sample), target, one, stored, column);
      change(target.column, value, title);
      return { column: target.column, index };
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

function withExtent(value: unknown, { width, height }: Sample): unknown {
  if (value) return value;
  return { x_min: 0, y_min: 0, x_max: width, y_max: height, instances: [], instances_additional_data: {} };
}

