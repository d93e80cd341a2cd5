import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunRow } from "../wire.ts";
import { groupRuns, sortRuns } from "./group-runs.ts";
import { bestOf, compared } from "./compare-runs.ts";
import { type Field, fieldsOf, headsOf, usualFields } from "./field.ts";
import { matchesSearch, parseSearch } from "./search.ts";

function run(name: string, lr: number | null, map: number | null, more: Partial<RunRow> = {}): RunRow {
  const aggregates = [{ split: "val", name: "mAP@0.50", epoch: 9, value: map, better: "higher" as const }];
  return {
    project: "p",
    name,
    status: "completed",
    created: "2026-11-28T06:00:00Z",
    ended: null,
    duration_s: null,
    description: "",
    notes: "",
    tags: [],
    parameters: { "training.initial_lr": lr, "training.optimizer": "AdamW", folder: `/runs/${name}` },
    aggregates: map === null ? [] : aggregates,
    collections: 0,
    collection_failures: null,
    input_tables: [],
    error: null,
    problem: null,
    ...more,
  };
}

const runs = [run("a", 0.1, 0.5), run("b", 0.01, null, { tags: ["old one"] }), run("c", null, 0.7)];
const fields = fieldsOf(runs);
const field = (id: string) => fields.find((one) => one.id === id) as Field;
const found = (query: string) =>
  runs.filter((one) => matchesSearch(one, parseSearch(query), fields)).map((one) => one.name);

test("a run without a value comes last in both directions", () => {
  const names = (isDescending: boolean) =>
    sortRuns(runs, field("p:training.initial_lr"), isDescending).map((one) => one.name);
  assert.deepEqual(names(false), ["b", "a", "c"]);
  assert.deepEqual(names(true), ["a", "b", "c"]);
});

test("names are sorted as people count", () => {
  const many = ["run-10", "run-9"].map((name) => run(name, 1, 1, { notes: name }));
  assert.deepEqual(sortRuns(many, field("notes"), false).map((one) => one.name), ["run-9", "run-10"]);
});

test("every run is in exactly one group", () => {
  const groups = groupRuns(runs, field("p:training.initial_lr"));
  assert.deepEqual(groups.map((group) => group.runs.length), [1, 1, 1]);
  assert.equal(groupRuns(runs, null).length, 1);
});

test("words, fields and bounds find runs", () => {
  assert.deepEqual(found(""), ["a", "b", "c"]);
  assert.deepEqual(found("initial_lr>0.05"), ["a"]);
  assert.deepEqual(found("mAP@0.50>0.4 -name:c"), ["a"]);
  assert.deepEqual(found("optimizer:adamw"), ["a", "b", "c"]);
  assert.deepEqual(found('tag:"old one"'), ["b"]);
  assert.deepEqual(found("-status:completed"), []);
  assert.deepEqual(found("nonsense"), []);
});

test("what differs is shown first, paths are not", () => {
  const usual = usualFields(fields, runs);
  assert.ok(usual.includes("p:training.initial_lr") && usual.includes("a:val/mAP@0.50"));
  assert.ok(!usual.includes("p:training.optimizer") && !usual.includes("p:folder"));
});

test("a column is called by the shortest end of its path that is its own", () => {
  const paths = ["train_loader.batch_size", "valid_loader.batch_size", "training.optimizer", "seed"];
  const parameters = Object.fromEntries(paths.map((path) => [path, 1]));
  const heads = headsOf(fieldsOf([run("a", 1, null, { parameters })]));
  assert.deepEqual(
    paths.map((path) => heads.get(`p:${path}`)),
    ["train_loader.batch_size", "valid_loader.batch_size", "optimizer", "seed"],
  );
});

test("what differs comes first, folders after what tells more", () => {
  const several = [run("a", 0.1, 0.5), run("b", 0.01, 0.6)];
  const order = compared(several, "Hyperparameters").map(({ field, isDifferent }) => [field.label, isDifferent]);
  assert.deepEqual(order, [
    ["training.initial_lr", true],
    ["folder", true],
    ["training.optimizer", false],
  ]);
});

test("the best value is at the better end; where no run says which that is there is none", () => {
  const best = (better: Field["better"]) => bestOf({ better } as Field, [3, null, 1, 2]);
  assert.deepEqual([best("lower"), best("higher"), best(null)], [1, 3, null]);
  assert.equal(bestOf({ better: "higher" } as Field, [3, null]), null);
  assert.deepEqual([field("a:val/mAP@0.50").better, field("p:training.initial_lr").better], ["higher", null]);
});

test("runs that disagree about which way is better have no best value", () => {
  const [aggregate] = run("a", 1, 0.5).aggregates;
  const other = run("b", 1, 1, { aggregates: [{ ...aggregate!, better: "lower" }] });
  const found = fieldsOf([run("a", 1, 0.5), other]).find(({ id }) => id === "a:val/mAP@0.50");
  assert.equal(found?.better, null);
});
