import assert from "node:assert/strict";
import { test } from "node:test";
import type { Category, Column, Filter, SourceInfo } from "../wire.ts";
import { filterables, openAtFirst } from "./filterables.ts";
import { axesOf, captionOf, colourOf, lookParams, plainColumns, tableColumns } from "./look.ts";
import { quickFilters } from "./quick-filters.ts";

const column = (name: string, changes: Partial<Column> = {}): Column => ({
  name, origin: "metric", kind: "float", role: "number", description: "", unit: "", title: "", better: null, prominence: 0, writable: false, hidden: false,
  size: null, minimum: 0, maximum: 1, nulls: 0, categories: null, properties: null, skeleton: null, ...changes,
});
const names = (...all: string[]): Category[] => all.map((name, id) => ({ id, name, color: null }));
const KINDS = names("true_positive", "class", "localisation", "both", "duplicate", "background", "ignored");
const predicted = column("bbs_predicted", {
  role: "boxes",
  categories: names("fish", "apple"),
  properties: [
    column("label", { role: "category", categories: names("fish", "apple") }),
    column("confidence"),
    column("error_kind", { role: "category", categories: KINDS }),
  ],
});
const truthKind = column("ground_truth_kind", { role: "list", categories: names("matched", "missed", "ignored") });
const map = column("embedding_pacmap", { role: "coordinates", size: 2 });
const detection = [
  column("example_id", { origin: "key" }), column("epoch", { origin: "key" }),
  column("false_negatives", { kind: "int", maximum: 5, title: "FN", better: "lower", prominence: 8 }),
  column("false_positives", { kind: "int", maximum: 9, title: "FP", better: "lower", prominence: 7 }),
  column("recall", { prominence: 4 }), column("precision", { prominence: 4 }),
  column("f1", { better: "higher", prominence: 9 }), column("ap_50", { better: "higher", prominence: 6 }), truthKind, predicted,
  column("collection_error", { role: "text", minimum: null, maximum: null, nulls: 10 }),
  map, column("embedding_pacmap.0"), column("embedding_pacmap.1"),
  column("image", { origin: "input", role: "image" }), column("weight", { origin: "input", minimum: 1, maximum: 1 }),
];
const WORST = [
  { column: "f1", descending: false }, { column: "false_negatives", descending: true }, { column: "false_positives", descending: true },
];
const info = (columns: Column[], more: Partial<SourceInfo> = {}): SourceInfo => ({
  source: { kind: "table", project: "p", dataset: "d", table: "t" }, title: "t", rows: 10, columns,
  image_column: null, truth: [], predictions: [], image_path: null, table: null, version: "1",
  main_metric: null, worst_first: [], ...more,
});
const nothing = { x: "", y: "", z: "", colour: "", caption: [], columns: [] };

test("quick filters are made of the columns that are there", () => {
  const found = quickFilters(info(detection, { main_metric: "f1", worst_first: WORST })).map(({ name }) => name);
  assert.deepEqual(found, [
    "Labels the model disputes", "Missed objects", "Background false positives", "Wrong class", "Confident and wrong",
  ]);
  assert.deepEqual(quickFilters(info([column("width", { origin: "input" })])), []);
  const withoutPredictions = quickFilters(info([truthKind, column("f1")])).map(({ name }) => name);
  assert.deepEqual(withoutPredictions, ["Missed objects"]);
});

test("a classification has its own quick filters", () => {
  const columns = [column("correct", { role: "bool" }), column("confidence"), column("loss", { better: "lower", prominence: 6 })];
  const [first] = quickFilters(info(columns));
  assert.deepEqual(first?.filters[0], { kind: "one_of", column: "correct", values: [false] });
  assert.ok(quickFilters(info(columns)).some(({ name }) => name === "Highest loss"));
});

test("images that could not be read are a quick filter only where there are some", () => {
  const broken = column("collection_error", { role: "text", nulls: 9 });
  assert.ok(quickFilters(info([broken])).some(({ name }) => name === "Not readable"));
  assert.ok(!quickFilters(info([{ ...broken, nulls: 10 }])).length);
});

test("samples are placed on the map; without one by two telling columns", () => {
  assert.deepEqual(axesOf(info(detection), nothing), ["embedding_pacmap.0", "embedding_pacmap.1"]);
  const without = detection.filter(({ name }) => !name.startsWith("embedding"));
  assert.deepEqual(axesOf(info(without), nothing), ["f1", "false_negatives"]);
  assert.deepEqual(axesOf(info(without), { ...nothing, x: "recall", y: "nonsense" }), ["f1", "false_negatives"]);
  assert.deepEqual(axesOf(info(without), { ...nothing, x: "f1", y: "recall", z: "ap_50" }), ["f1", "recall", "ap_50"]);
  assert.deepEqual(axesOf(info([]), nothing), []);
  assert.deepEqual(axesOf(info([column("image_id"), column("f1")]), nothing), ["f1", "image_id"]);
});

test("points have the colour of what the samples are sorted by", () => {
  const all = info(detection);
  assert.equal(colourOf(all, nothing, WORST), "f1");
  assert.equal(colourOf(all, { colour: "f1" }, []), "f1");
  assert.equal(colourOf(all, nothing, []), "none");
});

test("numbers of a map and keys say nothing by themselves", () => {
  const plain = plainColumns(info(detection)).map(({ name }) => name);
  assert.ok(!plain.some((name) => ["embedding_pacmap.0", "epoch", "example_id"].includes(name)));
  assert.deepEqual(captionOf(info(detection), nothing, WORST), ["f1", "false_negatives", "false_positives"]);
  assert.deepEqual(captionOf(info(detection), nothing, []), ["f1", "false_negatives", "false_positives"]);
  assert.deepEqual(captionOf(info(detection), { caption: ["-"] }, []), []);
  assert.equal(tableColumns(info(detection), nothing)[0]?.name, "f1");
});

test("errors of objects come first among the filters, what is empty not at all", () => {
  const all = filterables(info(detection));
  assert.equal(all[0]?.slot, "bbs_predicted[error_kind]");
  assert.ok(!all.some(({ title }) => title === "collection_error"));
  assert.ok(openAtFirst(info(detection)).includes("f1"));
  assert.ok(!openAtFirst(info(detection)).includes("weight"));
});

test("a look and its address are one", () => {
  const filters: Filter[] = [{ kind: "range", column: "f1", low: 0.5, high: null }];
  assert.deepEqual(lookParams.f.read(lookParams.f.write(filters)), filters);
  assert.equal(lookParams.f.write([]), null);
  assert.equal(lookParams.sort.read(lookParams.sort.write(null)), null);
  assert.deepEqual(lookParams.sort.read(lookParams.sort.write([])), []);
});
