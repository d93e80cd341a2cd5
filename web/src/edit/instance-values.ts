// New stored values of a column of instances: every change makes a new value, the old one stays.
import type { Box } from "../picture/layers.ts";
import type { Column } from "../wire.ts";

type Properties = Record<string, unknown[]>;

interface Instances {
  instances: Record<string, unknown>[];
  instances_additional_data: Properties;
  [side: string]: unknown;
}

const SIDES = ["x_min", "y_min", "x_max", "y_max"] as const;

/** A stored value as JSON holds it: lists of Arrow become arrays. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  return value ?? null;
}

/** The value of a column of instances; an image without any if there is none. */
export function instancesIn(value: unknown): Instances {
  const stored = (plain(value) ?? {}) as Partial<Instances>;
  const instances = stored.instances ?? [];
  const given = stored.instances_additional_data ?? {};
  const properties = Object.entries(given).map(([name, values]) => [name, values ?? instances.map(() => null)]);
  return { ...stored, instances, instances_additional_data: Object.fromEntries(properties) as Properties };
}

export function countIn(value: unknown): number {
  return instancesIn(value).instances.length;
}

export function labelIn(value: unknown, index: number): number | null {
  return (instancesIn(value).instances_additional_data.label?.[index] ?? null) as number | null;
}

export function withLabel(value: unknown, index: number, label: number): unknown {
  return withProperty(instancesIn(value), "label", index, label);
}

/** A box in another place; `area` follows, as it is that of the box. */
export function withBox(value: unknown, index: number, box: Box): unknown {
  const stored = instancesIn(value);
  const instances = stored.instances.map((one, at) => (at === index ? setBox(one, box) : one));
  const next = { ...stored, instances };
  return "area" in stored.instances_additional_data ? withProperty(next, "area", index, areaOf(box)) : next;
}

export function withoutInstance(value: unknown, index: number): unknown {
  return filterInstances(value, (at) => at !== index);
}

/** Only the instances at places that `isKept` takes. */
export function filterInstances(value: unknown, isKept: (index: number) => boolean): unknown {
  const stored = instancesIn(value);
  const kept = <T,>(items: T[]) => items.filter((_, at) => isKept(at));
  const properties = Object.entries(stored.instances_additional_data).map(([name, items]) => [name, kept(items)]);
  return {
    ...stored,
    instances: kept(stored.instances),
    instances_additional_data: Object.fromEntries(properties) as Properties,
  };
}

/** One more instance at the end: `one` is its geometry in stored form. */
export function withInstance(
  value: unknown,
  one: Record<string, unknown>,
  label: number | null,
  column: Column,
): unknown {
  const stored = instancesIn(value);
  const box = boxOf(one);
  const fresh: Record<string, unknown> = { label, iscrowd: 0, area: box && areaOf(box) };
  const names = column.properties?.map(({ name }) => name) ?? Object.keys(stored.instances_additional_data);
  const properties = names.map((name) => {
    const before = stored.instances_additional_data[name] ?? stored.instances.map(() => null);
    return [name, [...before, fresh[name] ?? null]];
  });
  return {
    ...stored,
    instances: [...stored.instances, plain(one) as Record<string, unknown>],
    instances_additional_data: Object.fromEntries(properties) as Properties,
  };
}

/** A joint of a pose in another place; one that was not labelled becomes visible. */
export function withJoint(value: unknown, index: number, joint: number, at: readonly [number, number]): unknown {
  return withJoints(value, index, joint, (one) => ({
    ...one,
    x: at[0],
    y: at[1],
    visibility: one.visibility === 0 ? 2 : one.visibility,
  }));
}

/** Whether a joint is visible, hidden or not labelled; then it has no place, as in COCO's files. */
export function withVisibility(
  value: unknown,
  index: number,
  joint: number,
  visibility: number,
  otherwise: readonly [number, number],
): unknown {
  return withJoints(value, index, joint, (one) => {
    if (visibility === 0) return { x: 0, y: 0, visibility };
    return one.visibility === 0 ? { x: otherwise[0], y: otherwise[1], visibility } : { ...one, visibility };
  });
}

/** A corner of the polygons of a mask in another place, counted over all of them; `area` follows. */
export function withCorner(value: unknown, index: number, corner: number, at: readonly [number, number]): unknown {
  const stored = instancesIn(value);
  let before = 0;
  const moveCorner = (ring: number[]) => {
    const place = 2 * (corner - before);
    before += ring.length / 2;
    return place >= 0 && place < ring.length ? ring.with(place, at[0]).with(place + 1, at[1]) : ring;
  };
  const polygons = ((stored.instances[index]?.polygons ?? []) as number[][]).map(moveCorner);
  const instances = stored.instances.map((one, place) => (place === index ? { ...one, polygons } : one));
  const next = { ...stored, instances };
  if (!("area" in stored.instances_additional_data)) return next;
  return withProperty(next, "area", index, polygons.reduce((sum, ring) => sum + areaWithin(ring), 0));
}

/** For each instance of `after` its place in `before`; -1 for one that is new or was changed. */
export function placesBefore(before: unknown, after: unknown): number[] {
  const textsOf = (value: unknown) => {
    const { instances, instances_additional_data: properties } = instancesIn(value);
    return instances.map((one, at) => JSON.stringify([one, properties.label?.[at] ?? null]));
  };
  const known: (string | null)[] = textsOf(before);
  return textsOf(after).map((text) => {
    const place = known.indexOf(text);
    if (place >= 0) known[place] = null;
    return place;
  });
}

export const boxGeometry = (box: Box): Record<string, unknown> =>
  Object.fromEntries(SIDES.map((side, at) => [side, box[at]]));

type StoredJoint = { x: number; y: number; visibility: number };

function withJoints(value: unknown, index: number, joint: number, change: (one: StoredJoint) => StoredJoint): unknown {
  const stored = instancesIn(value);
  const instances = stored.instances.map((one, at) => {
    if (at !== index) return one;
    const keypoints = (one.keypoints as StoredJoint[]).map((each, place) => (place === joint ? change(each) : each));
    return { ...one, keypoints };
  });
  const next = { ...stored, instances };
  if (!("num_keypoints" in stored.instances_additional_data)) return next;
  const keypoints = (instances[index]?.keypoints ?? []) as StoredJoint[];
  return withProperty(next, "num_keypoints", index, keypoints.filter(({ visibility }) => visibility > 0).length);
}

function withProperty(stored: Instances, name: string, index: number, next: unknown): Instances {
  const before = stored.instances_additional_data[name] ?? stored.instances.map(() => null);
  const values = before.map((old, at) => (at === index ? next : old));
  return { ...stored, instances_additional_data: { ...stored.instances_additional_data, [name]: values } };
}

function setBox(one: Record<string, unknown>, box: Box): Record<string, unknown> {
  const sides = boxGeometry(box);
  return "bounding_box" in one ? { ...one, bounding_box: sides } : { ...one, ...sides };
}

function boxOf(one: Record<string, unknown>): Box | null {
  const parts = SIDES.map((side) => one[side]);
  return parts.every((part) => typeof part === "number") ? (parts as Box) : null;
}

/** Source: the shoelace formula. */
function areaWithin(ring: readonly number[]): number {
  let twice = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const [x, y] = [ring[at] as number, ring[at + 1] as number];
    const next = (at + 2) % ring.length;
    twice += x * (ring[next + 1] as number) - (ring[next] as number) * y;
  }
  return Math.abs(twice) / 2;
}

function areaOf([x0, y0, x1, y1]: Box): number {
  return (x1 - x0) * (y1 - y0);
}
