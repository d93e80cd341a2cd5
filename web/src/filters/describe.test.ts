import assert from "node:assert/strict";
import { test } from "node:test";
import type { Category, Column, Filter } from "../wire.ts";
import { describeFilter } from "./describe.ts";

const column = (name: string, changes: Partial<Column>): Column => ({
  name, origin: "metric", kind: "float", role: "number", description: "", unit: "", title: "", better: null, prominence: 0, writable: false, hidden: false,
  size: null, minimum: 0, maximum: 1, nulls: 0, categories: null, properties: null, skeleton: null, ...changes,
});
const names = (...all: string[]): Category[] => all.map((name, id) => ({ id, name, color: null }));
const KINDS = names("true_positive", "class", "localisation", "both", "duplicate", "background", "ignored");
const label = names("it's_a \"fish\"", "apple");
const detection = [
  column("bbs_predicted", {
    role: "boxes",
    categories: label,
    properties: [column("label", { categories: label }), column("error_kind", { categories: KINDS })],
  }),
];

test("filters are described in words", () => {
  const words = (filter: Filter) => describeFilter(filter, detection);
  assert.equal(words({ kind: "range", column: "f1", low: null, high: 0.5 }), "f1 ≤ 0.5");
  assert.equal(words({ kind: "not", filter: { kind: "text", column: "image", contains: "a" } }), "not image contains “a”");
  assert.equal(
    words({ kind: "instances", column: "bbs_predicted", property: "error_kind", values: [1, 5], confidence: 0.5 }),
    "bbs_predicted error kind has class or background, confidence ≥ 0.5",
  );
  assert.equal(words({ kind: "confusion", truth: 1, predicted: null }), "apple missed");
  assert.equal(
    words({ kind: "confusion", truth: 1, predicted: 0, confidence: 0.5 }),
    'apple predicted as it\'s_a "fish", confidence ≥ 0.5',
  );
  const drawn: Filter = { kind: "polygon", x: "m.0", y: "m.1", points: [] };
  assert.equal(words(drawn), "drawn around in m");
  const turned = (x: string, y: string, z: string): Filter => ({
    kind: "projected", x, y, z, across: [1, 0, 0], up: [0, 1, 0], points: [],
  });
  assert.equal(words(turned("m.0", "m.1", "m.2")), "drawn around in m");
  assert.equal(words(turned("a", "b", "c")), "drawn around in a, b and c");
  const low: Filter = { kind: "range", column: "f1", low: null, high: 0.5 };
  assert.equal(words({ kind: "not", filter: { kind: "all", filters: [low, drawn] } }), "not all of (f1 ≤ 0.5 and drawn around in m)");
});

test("a class is called as its Table calls it, a kind of error in words", () => {
  const words = (property: string) =>
    describeFilter({ kind: "instances", column: "bbs_predicted", property, values: [0] }, detection);
  assert.equal(words("label"), 'bbs_predicted label has it\'s_a "fish"');
  assert.equal(words("error_kind"), "bbs_predicted error kind has true positive");
});
