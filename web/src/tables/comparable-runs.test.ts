import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunRow, TableRow } from "../wire.ts";
import { findComparableRuns } from "./comparable-runs.ts";

const table = (name: string) => ({ name, id: `id of ${name}` }) as TableRow;
const run = (name: string, ...tables: string[]) => ({ name, input_tables: tables.map((one) => `id of ${one}`) }) as RunRow;
const [before, after] = [table("train"), table("mended")];

test("the youngest run on each revision is compared", () => {
  const runs = [run("c", "val", "mended"), run("b", "train"), run("a", "train")];
  const found = findComparableRuns(runs, before, after);
  assert.ok(found && "query" in found);
  assert.deepEqual([found.later.name, found.earlier.name], ["c", "b"]);
  assert.deepEqual([found.query.input, found.query.other_run, found.query.other_input], ["1", "b", "0"]);
});

test("a revision without a run is named", () => {
  assert.deepEqual(findComparableRuns([run("a", "train")], before, after), { lacking: "mended" });
  assert.deepEqual(findComparableRuns([run("a", "train", "mended")], before, after), { lacking: "train" });
  assert.equal(findComparableRuns([run("a", "val")], before, after), null);
});
