import assert from "node:assert/strict";
import { test } from "node:test";
import { rampOf, scatterKeys } from "./scatter-keys.ts";

test("numbers have their colours from the lowest to the highest", () => {
  const keys = scatterKeys({ kind: "numbers", low: 0.25, high: 12345 }, "loss", "light");
  assert.deepEqual(keys, [{ name: "loss", ramp: rampOf("light"), low: "0.25", high: "12,345" }]);
  assert.equal(rampOf("light")[0], "#440154");
  assert.notEqual(rampOf("dark")[0], rampOf("light")[0]);
});

test("each class has its own colour; of very many the rest is counted", () => {
  const categories = Array.from({ length: 40 }, (_, id) => ({ id, name: `class ${id}`, color: id ? null : "#123456" }));
  const keys = scatterKeys({ kind: "categories", categories }, "label", "light");
  assert.deepEqual(keys[0], { name: "class 0", color: "#123456", mark: "dot" });
  assert.deepEqual([keys.length, keys.at(-1)?.name], [33, "and 8 more"]);
  assert.deepEqual(scatterKeys({ kind: "none" }, "", "light"), []);
});
