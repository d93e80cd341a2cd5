// What changed in the labels of one sample, in words.
import { type Instance, type Layer, layersOf, type Values } from "../picture/layers.ts";
import type { ChangedSample, SourceInfo } from "../wire.ts";

interface Side {
  info: SourceInfo | null;
  rows: ReadonlyMap<number, Values>;
}

const MOST = 4;

/** `fish → apple`, `car moved`, `dog removed`: one line for each label that differs. */
export function describeLabelChanges(before: Side, after: Side, sample: ChangedSample): string[] {
  const [old, now] = [rowOf(before, sample.base_example_id), rowOf(after, sample.other_example_id)];
  if (!before.info || !after.info || !old || !now) return [];
  const [was, is] = [layersOf(before.info, old), layersOf(after.info, now)];
  const lines = sample.columns.flatMap((column) => {
    const [from, to] = [was, is].map((layers) => layers.find((layer) => layer.column === column));
    return from && to ? describeLayerChanges(from, to) : describeValueChange(column, old[column], now[column]);
  });
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function rowOf(side: Side, id: number | null): Values | undefined {
  return id === null ? undefined : side.rows.get(id);
}

function describeValueChange(column: string, old: unknown, now: unknown): string[] {
  const isPlain = (value: unknown) => value === null || ["number", "string", "boolean"].includes(typeof value);
  return isPlain(old) && isPlain(now) ? [`${column} ${old ?? "none"} → ${now ?? "none"}`] : [];
}

/** Labels are paired by their place while their number is the same, else by what they are. */
export function describeLayerChanges(from: Layer, to: Layer): string[] {
  if (from.shape === "category") {
    const [old, now] = [from.scores[0]?.name, to.scores[0]?.name];
    return old === now ? [] : [`${old ?? "none"} → ${now ?? "none"}`];
  }
  if (from.instances.length === to.instances.length) {
    return from.instances.flatMap((one, at) => describeInstanceChanges(one, to.instances[at] as Instance));
  }
  const left = to.instances.map(textOf);
  const gone = from.instances.filter((one) => !removeText(left, textOf(one)));
  const before = from.instances.map(textOf);
  const fresh = to.instances.filter((one) => !removeText(before, textOf(one)));
  return [...gone.map(({ name }) => `${name} removed`), ...fresh.map(({ name }) => `${name} added`)];
}

function describeInstanceChanges(old: Instance, now: Instance): string[] {
  const lines = [];
  if (old.label !== now.label) lines.push(`${old.name} → ${now.name}`);
  const place = ({ box, joints, mask }: Instance) => JSON.stringify([box, joints, mask]);
  if (place(old) !== place(now)) lines.push(`${now.name} moved`);
  return lines;
}

const textOf = ({ label, box, joints, mask }: Instance) => JSON.stringify([label, box, joints, mask]);

/** Takes one of the texts away, if it is there. */
function removeText(texts: string[], text: string): boolean {
  const at = texts.indexOf(text);
  if (at >= 0) texts.splice(at, 1);
  return at >= 0;
}
