// What a person does to one label, each as one step that can be undone.
import type { RefObject } from "react";
import { acceptPrediction } from "../edit/accept.ts";
import { boxGeometry, instancesIn, withBox, withCorner, withInstance, withJoint, withLabel, withoutInstance, withVisibility } from "../edit/instance-values.ts";
import { middleOf, VISIBILITIES } from "../edit/label-points.ts";
import { instanceOf } from "../edit/use-edit-tool.ts";
import type { InstanceRef } from "../picture/draw.ts";
import { type Box, categoriesOf, type Layer, type Values } from "../picture/layers.ts";
import type { Column, Sample, SourceInfo } from "../wire.ts";

export interface LabelActions {
  setBox: (place: InstanceRef, box: Box, merge?: string) => void;
  /** Moves a joint of a pose, or a corner of a polygon. */
  setPoint: (place: InstanceRef, point: number, at: [number, number], merge?: string) => void;
  /** 0 not labelled, 1 hidden, 2 visible. */
  setVisibility: (place: InstanceRef, joint: number, visibility: number) => void;
  setLabel: (place: InstanceRef, label: number) => void;
  remove: (place: InstanceRef) => void;
  /** Returns where the new box is; null where the Table takes none. */
  add: (box: Box, label: number | null) => InstanceRef | null;
  /** Returns where the label is; null where the Table takes none. */
  accept: (place: InstanceRef) => InstanceRef | null;
}

export interface LabelContext {
  info: SourceInfo;
  sample: Sample;
  /** The values of the sample with all edits, and what is drawn of them. */
  values: Values;
  layers: readonly Layer[];
  /** A column as the Table has it. */
  columnOf: (name: string) => Column | null;
  isWritable: (name: string) => boolean;
  /** The column that new boxes go to. */
  boxColumn: string | null;
  /** A step that sets a column of the sample. Steps with the same `merge` are one. */
  change: (name: string, after: unknown, title: string, merge?: string) => void;
  /** Where joints were before they had no place. */
  lastPlaces: RefObject<Map<string, [number, number]>>;
}

export function labelActions(context: LabelContext): LabelActions {
  const { values, layers, change } = context;
  const nameAt = (place: InstanceRef) => instanceOf(layers, place)?.name;
  return {
    setBox: (place, box, merge) => change(place.column, withBox(values[place.column], place.index, box), `${nameAt(place)} moved`, merge),
    setPoint: (place, point, to, merge) => {
      const isJoint = Boolean(instanceOf(layers, place)?.joints.length);
      const name = isJoint ? jointName(context.info, place.column, point) : `corner of ${nameAt(place)}`;
      const move = isJoint ? withJoint : withCorner;
      change(place.column, move(values[place.column], place.index, point, to), `${name} moved`, merge);
    },
    setVisibility: (place, joint, visibility) => setVisibility(context, place, joint, visibility),
    setLabel: (place, label) => {
      const column = context.columnOf(place.column);
      const name = column && categoriesOf(column).find((one) => one.id === label)?.name;
      change(place.column, withLabel(values[place.column], place.index, label), `${nameAt(place)} → ${name}`);
    },
    remove: (place) => change(place.column, withoutInstance(values[place.column], place.index), `${nameAt(place)} deleted`),
    add: (box, label) => addBox(context, box, label),
    accept: (place) => accept(context, place),
  };
}

function setVisibility(context: LabelContext, place: InstanceRef, joint: number, visibility: number): void {
  const { info, sample, values, layers, change, lastPlaces } = context;
  const one = instanceOf(layers, place);
  const now = one?.joints[joint];
  if (!one || !now || now.visibility === visibility) return;
  const key = `${sample.example_id} ${place.column} ${place.index} ${joint}`;
  // COCO keeps no place for a joint that is not labelled: labelled again, it is where it was.
  if (now.visibility > 0) lastPlaces.current.set(key, [now.x, now.y]);
  const otherwise = lastPlaces.current.get(key) ?? middleOf(one);
  const next = withVisibility(values[place.column], place.index, joint, visibility, otherwise);
  change(place.column, next, `${jointName(info, place.column, joint)} ${VISIBILITIES[visibility]}`, `seen ${key}`);
}

function addBox({ sample, values, boxColumn, columnOf, change }: LabelContext, box: Box, label: number | null): InstanceRef | null {
  const column = boxColumn && columnOf(boxColumn);
  if (!boxColumn || !column) return null;
  const name = categoriesOf(column).find((one) => one.id === label)?.name ?? "box";
  const value = withExtent(values[boxColumn], sample);
  change(boxColumn, withInstance(value, boxGeometry(box), label, column), `${name} drawn`);
  return { column: boxColumn, index: instancesIn(value).instances.length };
}

function accept({ sample, values, layers, columnOf, isWritable, change }: LabelContext, place: InstanceRef): InstanceRef | null {
  const layer = layers.find(({ column }) => column === place.column);
  const one = instanceOf(layers, place);
  const target = layers.find(({ isTruth, column, shape }) => isTruth && shape === layer?.shape && isWritable(column));
  const column = target && columnOf(target.column);
  if (!one || !target || !column) return null;
  const stored = instancesIn(values[place.column]).instances[one.index] ?? {};
  const accepted = acceptPrediction(withExtent(values[target.column], sample), target, one, stored, column);
  change(target.column, accepted.value, accepted.title);
  return { column: target.column, index: accepted.index };
}

function jointName(info: SourceInfo, column: string, joint: number): string {
  return info.columns.find((one) => one.name === column)?.skeleton?.joints[joint] ?? `joint ${joint}`;
}

/** A value of instances; an image without any where there is none. */
function withExtent(value: unknown, { width, height }: Sample): unknown {
  if (value) return value;
  return { x_min: 0, y_min: 0, x_max: width, y_max: height, instances: [], instances_additional_data: {} };
}
