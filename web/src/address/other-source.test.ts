import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetricsSource, Run } from "../wire.ts";
import { otherChosen, otherSourceOf, sourceKey, sourceTitle } from "./other-source.ts";

function source(run: string, split: string, epoch: number): MetricsSource {
  return { kind: "metrics", project: "p", run, stream: "metrics", split, epoch, input_table_id: 0 };
}

function makeRun(name: string, epochs: number[]): Run {
  const sources = ["train", "val"].flatMap((split) =>
    epochs.map((epoch) => ({ source: source(name, split, epoch), rows: 1, table: null })),
  );
  return { row: { name }, sources } as unknown as Run;
}

const run = makeRun("a", [0, 5, 9]);
const other = makeRun("b", [3, 4]);
const open = {
  other_run: "",
  other_stream: "",
  other_split: "",
  other_epoch: undefined,
  other_input: undefined,
};

test("a collection is compared with the one before, the first with the second", () => {
  assert.equal(otherSourceOf(source("a", "val", 9), run, run, open)?.epoch, 5);
  assert.equal(otherSourceOf(source("a", "val", 0), run, run, open)?.epoch, 5);
});

test("a collection that is alone is compared with nothing", () => {
  const alone = makeRun("c", [1]);
  assert.equal(otherSourceOf(source("c", "val", 1), alone, alone, open), null);
});

test("of another run the last collection of the same split is taken", () => {
  const found = otherSourceOf(source("a", "val", 9), run, other, open);
  assert.deepEqual([found?.run, found?.split, found?.epoch], ["b", "val", 4]);
});

test("what the address says is found again", () => {
  const wanted = source("b", "train", 3);
  const chosen = otherChosen(wanted, run);
  assert.equal(chosen.other_run, "b");
  assert.deepEqual(otherSourceOf(source("a", "val", 9), run, other, chosen), wanted);
});

test("collections have words and keys", () => {
  assert.equal(sourceTitle(source("a", "val", 9)), "val · epoch 9");
  assert.notEqual(sourceKey(source("a", "val", 9)), sourceKey(source("a", "val", 8)));
});
