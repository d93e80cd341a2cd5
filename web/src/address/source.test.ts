import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricsSource, Run, SourceRow } from "../wire.ts";
import { sameOverTime, sourceOf, sourceParams, sourceQuery } from "./source.ts";

const row = (split: string | null, epoch: number | null, input = 0): SourceRow => ({
  source: { kind: "metrics", project: "p", run: "r", stream: "default", split, epoch, input_table_id: input },
  rows: 3,
  table: null,
});
const run = { sources: [row("train", 5), row("val", 9, 1), row("val", 5, 1), row("train", 9)] } as Run;
const open = { stream: "", split: "", epoch: undefined, input: undefined };
const read = (source: MetricsSource) => {
  const query = sourceQuery(source);
  return Object.fromEntries(
    Object.entries(sourceParams).map(([name, param]) => [name, param.read(query[name] ?? null)]),
  ) as unknown as typeof open;
};

test("without a word the last epoch of what was not trained on is shown", () => {
  assert.equal(sourceOf(run, open), run.sources[1]?.source);
  assert.equal(sourceOf(run, { ...open, split: "train" }), run.sources[3]?.source);
});

test("each collection has its address", () => {
  const sources = [...run.sources, row(null, null)];
  for (const { source } of sources) assert.equal(sourceOf({ ...run, sources }, read(source)), source);
});

test("a collection that is not there any more is another one, a run without rows has none", () => {
  assert.equal(sourceOf(run, { ...open, split: "test" }), run.sources[1]?.source);
  assert.equal(sourceOf({ ...run, sources: [] }, open), null);
});

test("the same samples over time are in order", () => {
  const [first] = run.sources as [SourceRow];
  assert.deepEqual(sameOverTime(run.sources, first.source).map(({ source }) => source.epoch), [5, 9]);
});
