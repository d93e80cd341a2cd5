// Edits that nobody has committed: steps that can be undone and done again.
import type { Edit, TableSource } from "../wire.ts";

/** A new value of one column of one sample. */
export interface Change {
  example_id: number;
  column: string;
  before: unknown;
  after: unknown;
}

/** What a person did in one go, to one sample or to many. */
export interface Step {
  /** In words: `fish → apple`. */
  title: string;
  changes: Change[];
  /** Samples that are to be left out. */
  deleted: number[];
  /** Samples that are to stay after all. */
  restored: number[];
  /** Steps with the same key that follow each other are one: a box that is moved pixel by pixel. */
  merge?: string;
}

export interface Edits {
  base: TableSource;
  done: Step[];
  undone: Step[];
}

export const noEdits = (base: TableSource): Edits => ({ base, done: [], undone: [] });

export const isEmpty = (edits: Edits): boolean => edits.done.length === 0 && edits.undone.length === 0;

export function withStep(edits: Edits, step: Step): Edits {
  const last = edits.done.at(-1);
  if (step.merge === undefined || last?.merge !== step.merge) {
    return { ...edits, done: [...edits.done, step], undone: [] };
  }
  const before = new Map(last.changes.map((change) => [keyOf(change), change.before]));
  const changes = step.changes.map((change) =>
    before.has(keyOf(change)) ? { ...change, before: before.get(keyOf(change)) } : change,
  );
  return { ...edits, done: [...edits.done.slice(0, -1), { ...step, changes }], undone: [] };
}

export function undo(edits: Edits): Edits {
  const last = edits.done.at(-1);
  if (!last) return edits;
  return { ...edits, done: edits.done.slice(0, -1), undone: [last, ...edits.undone] };
}

export function redo(edits: Edits): Edits {
  const [next, ...rest] = edits.undone;
  return next ? { ...edits, done: [...edits.done, next], undone: rest } : edits;
}

/** Without some steps, and without what was undone before. */
export function withoutSteps(edits: Edits, steps: readonly Step[]): Edits {
  const gone = steps.map((step) => JSON.stringify(step));
  const done = edits.done.filter((step) => {
    const at = gone.indexOf(JSON.stringify(step));
    if (at >= 0) gone.splice(at, 1);
    return at < 0;
  });
  return { ...edits, done, undone: [] };
}

/** The value of a sample now; `stored` where nobody changed it. */
export function valueNow(edits: Edits, exampleId: number, column: string, stored: unknown): unknown {
  for (let at = edits.done.length - 1; at >= 0; at--) {
    const found = edits.done[at]?.changes.find((one) => one.example_id === exampleId && one.column === column);
    if (found) return found.after;
  }
  return stored;
}

/** The values of a sample with all edits. */
export function valuesNow(edits: Edits, exampleId: number, stored: Record<string, unknown>): Record<string, unknown> {
  const columns = new Set(
    edits.done.flatMap(({ changes }) => changes.flatMap((one) => (one.example_id === exampleId ? [one.column] : []))),
  );
  if (!columns.size) return stored;
  const now = [...columns].map((column) => [column, valueNow(edits, exampleId, column, stored[column])]);
  return { ...stored, ...Object.fromEntries(now) };
}

export function deletedNow(edits: Edits): Set<number> {
  const deleted = new Set<number>();
  for (const step of edits.done) {
    for (const id of step.deleted) deleted.add(id);
    for (const id of step.restored) deleted.delete(id);
  }
  return deleted;
}

/** Samples that are not as they were. */
export function editedNow(edits: Edits): Set<number> {
  const { edits: changed, delete: deleted } = toCommit(edits);
  return new Set([...changed.map(({ example_id }) => example_id), ...deleted]);
}

/** What is left of all steps: a value for each column and sample that really differs. */
export function toCommit(edits: Edits): { edits: Edit[]; delete: number[] } {
  const deleted = deletedNow(edits);
  const last = new Map<string, Change>();
  for (const change of edits.done.flatMap(({ changes }) => changes)) {
    const first = last.get(keyOf(change));
    last.set(keyOf(change), first ? { ...change, before: first.before } : change);
  }
  const changed = [...last.values()].filter(
    (change) => !deleted.has(change.example_id) && JSON.stringify(change.before) !== JSON.stringify(change.after),
  );
  return {
    edits: changed.map(({ example_id, column, after }) => ({ example_id, column, value: after })),
    delete: [...deleted].sort((a, b) => a - b),
  };
}

/** Samples of a step, the first ones first. */
export function samplesOf(step: Step): number[] {
  return [...new Set([...step.changes.map(({ example_id }) => example_id), ...step.deleted, ...step.restored])];
}

const keyOf = ({ example_id, column }: Change) => `${example_id} ${column}`;
