import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, Filter, Source } from "../wire.ts";
import { FilterEngine, type Backend } from "./filter-engine.ts";

const source: Source = { kind: "table", project: "p", dataset: "d", table: "t" };
const f1: Column = {
  name: "f1", origin: "metric", kind: "float", role: "number", description: "", unit: "", title: "", better: null, prominence: 0, writable: false,
  hidden: false, size: null, minimum: 0, maximum: 1, nulls: 0, categories: null, properties: null, skeleton: null,
};

function makeEngine() {
  const asked: string[] = [];
  const backend: Backend = {
    columns: async (_, names) => {
      asked.push(`columns ${names}`);
      const found = names.map((name) => [name, Float32Array.of(0, 0.5, 1, Number.NaN)]);
      return { example_id: Int32Array.of(2, 4, 6, 8), ...Object.fromEntries(found) };
    },
    ids: async (_, filter) => {
      asked.push(`ids ${filter.kind}`);
      return Int32Array.of(4, 8);
    },
  };
  return { engine: new FilterEngine(source, backend), asked };
}

const low: Filter = { kind: "range", column: "f1", low: null, high: 0.5 };
const text: Filter = { kind: "text", column: "name", contains: "a" };

test("without a filter all rows are selected", async () => {
  const { engine } = makeEngine();
  const { count, mask, counts } = await engine.select([], [f1], false);
  assert.deepEqual([count, mask, counts.f1?.[0], counts.f1?.at(-1)], [4, null, 1, 1]);
});

test("a histogram is narrowed by the others' filters, not by its own", async () => {
  const { engine } = makeEngine();
  const { count, mask, counts } = await engine.select([low, text], [f1], false);
  assert.deepEqual([count, [...(mask ?? [])]], [1, [0, 1, 0, 0]]);
  assert.equal(counts.f1?.reduce((sum, one) => sum + one), 2);
});

test("columns and answers of the server are asked for once", async () => {
  const { engine, asked } = makeEngine();
  await Promise.all([engine.select([text], [f1], false), engine.columns(["f1"])]);
  await engine.select([text, low], [f1], false);
  assert.equal(asked.filter((one) => one.includes("f1")).length, 1);
  assert.equal(asked.filter((one) => one.startsWith("ids")).length, 1);
});

test("the opposite of what the server decides is decided from its answer", async () => {
  const { engine, asked } = makeEngine();
  const { mask } = await engine.select([{ kind: "not", filter: text }], [], false);
  assert.deepEqual([...(mask ?? [])], [1, 0, 1, 0]);
  assert.deepEqual(asked.filter((one) => one.startsWith("ids")), ["ids text"]);
});

test("a polygon is decided here while it is drawn, by the server afterwards", async () => {
  const { engine, asked } = makeEngine();
  const lasso: Filter = { kind: "polygon", x: "f1", y: "f1", points: [[-1, -1], [0.2, -1], [0.2, 0.2], [-1, 0.2]] };
  assert.equal((await engine.select([lasso], [], true)).count, 1);
  assert.deepEqual(asked, ["columns f1"]);
  assert.equal((await engine.select([lasso], [], false)).count, 2);
});

test("the opposite of several filters is put together of what each of them takes", async () => {
  const { engine, asked } = makeEngine();
  const opposite: Filter = { kind: "not", filter: { kind: "all", filters: [low, text] } };
  const { mask } = await engine.select([opposite], [f1], false);
  assert.deepEqual([...(mask ?? [])], [1, 0, 1, 1]);
  assert.deepEqual(asked.filter((one) => one.startsWith("ids")), ["ids text"]);
});

test("what is cleared is taken back", async () => {
  const { engine } = makeEngine();
  await engine.select([low, text], [f1], false);
  assert.equal((await engine.select([low], [f1], false)).count, 2);
  assert.equal((await engine.select([], [f1], false)).count, 4);
});
