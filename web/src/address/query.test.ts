import assert from "node:assert/strict";
import { test } from "node:test";
import * as query from "./query.ts";

const params = {
  tab: query.choiceParam(["curves", "samples"], "curves"),
  runs: query.listParam(),
  epoch: query.numberParam(null),
  log: query.flagParam(),
  filters: query.jsonParam<unknown[]>([]),
};

function roundTrip<T>(param: query.Param<T>, value: T): T {
  return param.read(param.write(value));
}

test("every value comes back from its text", () => {
  const lists = [[], ["a"], ["a,b", "c\\d", "é 100 %"], ["a", "", "b"]];
  for (const list of lists) assert.deepEqual(roundTrip(params.runs, list), list);
  for (const epoch of [null, 0, -1.5, 1e9]) assert.equal(roundTrip(params.epoch, epoch), epoch);
  for (const flag of [true, false]) assert.equal(roundTrip(query.flagParam(true), flag), flag);
  assert.deepEqual(roundTrip(params.filters, [{ a: [1, null] }]), [{ a: [1, null] }]);
});

test("a default stands in no address", () => {
  const changes = { tab: "curves" as const, runs: [], epoch: null, log: false, filters: [] };
  assert.equal(query.changeQuery("?tab=samples&runs=a&epoch=3&log=1&filters=%5B1%5D", params, changes), "");
});

test("what cannot be read is the default", () => {
  assert.equal(params.tab.read("nonsense"), "curves");
  assert.equal(params.epoch.read("nonsense"), null);
  assert.deepEqual(params.filters.read("{"), []);
});

test("parameters that are not named stay", () => {
  assert.equal(query.changeQuery("?other=1&tab=samples", params, { epoch: 2 }), "other=1&tab=samples&epoch=2");
});

test("each part of a path is one segment", () => {
  assert.equal(query.pagePath(["p", "a/b c"], { tab: "x&y" }), "/p/a%2Fb%20c?tab=x%26y");
});
