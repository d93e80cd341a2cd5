import assert from "node:assert/strict";
import { test } from "node:test";
import type { InOtherRun } from "../wire.ts";
import { changeWords, missingWords } from "./other-run-words.ts";

function found(run: string, table: string, changed: string[], example_id: number | null = 0): InOtherRun {
  const info = { truth: ["bbs", "input_label"] };
  return { source: { run }, table: { table }, is_revision: true, example_id, changed, info, values: {} } as unknown as InOtherRun;
}

test("labels that changed are said to have, other columns by their names", () => {
  assert.equal(changeWords(found("a", "t", [])), "");
  assert.equal(changeWords(found("a", "t", ["weight", "bbs"])), "labels changed");
  assert.equal(changeWords(found("a", "t", ["label"])), "labels changed");
  assert.equal(changeWords(found("a", "t", ["weight", "name"])), "weight, name changed");
});

test("runs whose revision lacks the sample are named by revision", () => {
  const runs = [found("a", "t", []), found("b", "u", [], null), found("c", "v", [], null), found("d", "u", [], null)];
  assert.equal(missingWords(runs), "Not in b, d: u has no such sample. Not in c: v has no such sample.");
  assert.equal(missingWords(runs.slice(0, 1)), "");
});
