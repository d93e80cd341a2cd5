// Which collection of a run is shown, in the address: `?split=val&epoch=9`.
import type { MetricsSource, Run, SourceRow } from "../wire.ts";
import { type Param, textParam } from "./query.ts";

/** A whole number, or nothing at all: `null` is written `none`, as some rows have no epoch. */
export type Chosen = number | null | undefined;

function chosenParam(): Param<Chosen> {
  return {
    read: (text) => (text === null ? undefined : /^-?\d+$/.test(text) ? Number(text) : null),
    write: (value) => (value === undefined ? null : value === null ? "none" : String(value)),
  };
}

export const sourceParams = {
  stream: textParam(),
  split: textParam(),
  epoch: chosenParam(),
  input: chosenParam(),
};

export interface ChosenSource {
  stream: string;
  split: string;
  epoch: Chosen;
  input: Chosen;
}

/**
 * The collection that the address means. What it leaves open is taken from the run: the split that
 * was not trained on, and its last epoch. Null where the run has no rows.
 */
export function sourceOf(run: Run, chosen: ChosenSource): MetricsSource | null {
  const wanted = run.sources.filter(({ source }) => {
    const { stream, split, epoch, input_table_id: input } = source;
    return (
      (chosen.stream === "" || stream === chosen.stream) &&
      (chosen.split === "" || (split ?? "none") === chosen.split) &&
      (chosen.epoch === undefined || (epoch ?? null) === chosen.epoch) &&
      (chosen.input === undefined || (input ?? null) === chosen.input)
    );
  });
  const best = [...(wanted.length ? wanted : run.sources)].sort(byInterest)[0];
  return best?.source ?? null;
}

/** What of the query says which collection it is. */
export function sourceQuery(source: MetricsSource): Record<string, string> {
  return {
    stream: source.stream,
    split: source.split ?? "none",
    epoch: String(source.epoch ?? "none"),
    input: String(source.input_table_id ?? "none"),
  };
}

/** The values of the address that mean a source. */
export function chosenOf({ stream, split, epoch, input_table_id }: MetricsSource): ChosenSource {
  return { stream, split: split ?? "none", epoch: epoch ?? null, input: input_table_id ?? null };
}

/** Whether two collections of runs differ in nothing but the epoch. */
export function areOfOneKind(one: MetricsSource, other: MetricsSource): boolean {
  return (
    one.project === other.project &&
    one.run === other.run &&
    one.stream === other.stream &&
    (one.split ?? null) === (other.split ?? null) &&
    (one.input_table_id ?? null) === (other.input_table_id ?? null)
  );
}

/** Collections of a run that differ from this one in nothing but the epoch, in order of time. */
export function sameOverTime(sources: readonly SourceRow[], source: MetricsSource): SourceRow[] {
  return sources
    .filter((row) => areOfOneKind(row.source, source))
    .sort((a, b) => epochOf(a) - epochOf(b));
}

function byInterest(a: SourceRow, b: SourceRow): number {
  const isTraining = (row: SourceRow) => Number(row.source.split === "train");
  return isTraining(a) - isTraining(b) || epochOf(b) - epochOf(a);
}

function epochOf(row: SourceRow): number {
  return row.source.epoch ?? Number.POSITIVE_INFINITY;
}
