// What can be a column of the table of runs: facts of a run, hyperparameters, last aggregates.
import { groupOf } from "../charts/curve-groups.ts";
import type { Aggregate, RunRow } from "../wire.ts";

export type FieldValue = string | number | boolean | null;

export interface Field {
  /** Stable, for addresses: `status`, `p:training.initial_lr`, `a:val/mAP@0.50`. */
  id: string;
  label: string;
  group: "Run" | "Hyperparameters" | "Metrics";
  isNumber: boolean;
  /** Which values are better; null where nobody said, or runs disagree. */
  better: Aggregate["better"];
  value: (run: RunRow) => FieldValue;
}

const FACTS: Field[] = [
  fact("status", "Status", (run) => run.status),
  fact("created", "Started", (run) => run.created),
  fact("duration_s", "Duration", (run) => run.duration_s, true),
  fact("tags", "Tags", (run) => run.tags.join(", ") || null),
  fact("notes", "Notes", (run) => run.notes || null),
  fact("description", "Description", (run) => run.description || null),
  fact("collections", "Collections", (run) => run.collections, true),
];

/** Every field that at least one of the runs has. */
export function fieldsOf(runs: readonly RunRow[]): Field[] {
  const paths = [...new Set(runs.flatMap((run) => Object.keys(run.parameters)))];
  const keys = new Map<string, { split: string | null; name: string }>();
  for (const { aggregates } of runs) {
    for (const { split, name } of aggregates) keys.set(aggregateId(split, name), { split, name });
  }
  return [
    ...FACTS,
    ...[...keys.entries()].map(([id, { split, name }]) => aggregateField(id, split, name, runs)),
    ...paths.map((path) => parameterField(path, runs)),
  ];
}

/** What to show to somebody who has chosen nothing: what differs, and the metrics of validation. */
export function usualFields(fields: readonly Field[], runs: readonly RunRow[]): string[] {
  const parameters = fields.filter((field) => field.group === "Hyperparameters");
  const differing = parameters.filter((field) => isTelling(field, runs));
  const known = parameters.filter(
    (field) => rank(field) < KNOWN.length && runs.some((run) => field.value(run) !== null),
  );
  const metrics = fields.filter((field) => field.group === "Metrics");
  const main = metrics.filter((field) => groupOf(nameOf(field)) === "Metrics");
  const losses = metrics.filter((field) => groupOf(nameOf(field)) === "Losses");
  const byWatched = (a: Field, b: Field) =>
    Number(isWatched(b, runs)) - Number(isWatched(a, runs));
  const byRank = (a: Field, b: Field) => rank(a) - rank(b);
  const chosen = [
    ...(main.length ? main : losses).sort(byWatched).slice(0, 4),
    ...(runs.length > 1 ? differing : known).sort(byRank).slice(0, 4),
  ];
  return ["created", "duration_s", ...chosen.map((field) => field.id), "tags"];
}

/** The values of a field that the runs have, most frequent first. */
export function valuesOf(field: Field, runs: readonly RunRow[]): FieldValue[] {
  const counts = new Map<FieldValue, number>();
  for (const run of runs) counts.set(field.value(run), (counts.get(field.value(run)) ?? 0) + 1);
  return [...counts.entries()].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}

/** The end of each hyperparameter's path that tells it from the others; other labels are whole. */
export function headsOf(fields: readonly Field[]): Map<string, string> {
  const paths = fields
    .filter((field) => field.group === "Hyperparameters")
    .map((field) => field.label.split("."));
  const isAlone = (end: string[]) =>
    paths.filter((path) => path.slice(-end.length).join(".") === end.join(".")).length === 1;
  const shortest = (path: string[]) => {
    const lengths = path.map((_, place) => place + 1);
    const length = lengths.find((one) => isAlone(path.slice(-one))) ?? path.length;
    return path.slice(-length).join(".");
  };
  return new Map(
    fields.map((field) => [
      field.id,
      field.group === "Hyperparameters" ? shortest(field.label.split(".")) : field.label,
    ]),
  );
}

const KNOWN = [
  /(^|\.)(initial_)?lr$/,
  /(^|\.)batch_size$/,
  /optimizer$/,
  /(max_)?epochs$/,
  /weight_decay$/,
  /(^|\.)model(\.class|_name)?$/,
  /(^|\.)ema$/,
];

/** Place among the hyperparameters that everybody asks for; after them for all others. */
export function rank(field: Field): number {
  const place = KNOWN.findIndex((pattern) => pattern.test(field.id.slice(2)));
  return place < 0 ? KNOWN.length : place;
}

/** Whether its values tell runs apart, and are short: a path or a whole list is neither. */
export function isTelling(field: Field, runs: readonly RunRow[]): boolean {
  const values = valuesOf(field, runs);
  const isShort = values.every((value) => typeof value !== "string" || /^[^/[{]{0,40}$/.test(value));
  return values.length > 1 && isShort;
}

/** Whether it is the metric by which the training chose its best epoch. */
export function isWatched(field: Field, runs: readonly RunRow[]): boolean {
  const name = nameOf(field);
  return runs.some((run) => run.parameters["training.metric_to_watch"] === name);
}

function fact(
  id: string,
  label: string,
  value: (run: RunRow) => FieldValue,
  isNumber = false,
): Field {
  return { id, label, group: "Run", isNumber, better: null, value };
}

function aggregateId(split: string | null, name: string): string {
  return `a:${split ?? ""}/${name}`;
}

function aggregateField(id: string, split: string | null, name: string, runs: readonly RunRow[]): Field {
  const of = (run: RunRow) => run.aggregates.find((one) => one.split === split && one.name === name);
  const value = (run: RunRow) => of(run)?.value ?? null;
  const [better = null, ...others] = new Set(runs.flatMap((run) => of(run)?.better ?? []));
  return { id, label: split ? `${split} ${name}` : name, group: "Metrics", isNumber: true, better: others.length ? null : better, value };
}

/** Name of a metric without its split. */
export function nameOf(field: Field): string {
  return field.id.slice(field.id.indexOf("/") + 1);
}

function parameterField(path: string, runs: readonly RunRow[]): Field {
  const value = (run: RunRow) => run.parameters[path] ?? null;
  const isNumber = runs.every((run) => ["number", "object"].includes(typeof value(run)));
  return { id: `p:${path}`, label: path, group: "Hyperparameters", isNumber, better: null, value };
}
