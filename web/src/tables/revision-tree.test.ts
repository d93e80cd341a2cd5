import assert from "node:assert/strict";
import { test } from "node:test";
import type { TableRow } from "../wire.ts";
import { branchesOf, relatedRevisions } from "./revision-tree.ts";

const row = (name: string, created: string, ...ancestors: string[]) => ({ name, created, ancestors }) as unknown as TableRow;
const tables = [row("c", "3", "a", "b"), row("a", "1"), row("d", "4", "a"), row("b", "2", "a"), row("other", "0")];

test("revisions stand under what they were made from, the oldest first", () => {
  const lines = branchesOf(tables).map(({ row: { name }, depth, isNewest }) => `${"-".repeat(depth)}${name}${isNewest ? "*" : ""}`);
  assert.deepEqual(lines, ["other", "a", "-b", "--c", "-d*"]);
});

test("a revision whose parent is gone stands under the ancestor that is left", () => {
  const left = branchesOf(tables.filter(({ name }) => name !== "b"));
  assert.deepEqual(left.find(({ row: { name } }) => name === "c")?.depth, 1);
});

test("only revisions of one lineage can be compared", () => {
  assert.deepEqual(relatedRevisions(tables, tables[0]!).map(({ name }) => name), ["a", "d", "b"]);
  assert.deepEqual(relatedRevisions(tables, tables[4]!), []);
});
