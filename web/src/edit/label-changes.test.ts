import assert from "node:assert/strict";
import { test } from "node:test";
import type { Layer } from "../picture/layers.ts";
import { describeLayerChanges } from "./label-changes.ts";

const one = (index: number, name: string, x: number) => ({ index, label: name.length, name, box: [x, 0, x + 5, 5], joints: [], mask: null });
const layer = (...instances: object[]) => ({ shape: "boxes", instances, scores: [] }) as unknown as Layer;

test("another class and another place are different changes", () => {
  const before = layer(one(0, "fish", 0), one(1, "car", 9));
  assert.deepEqual(describeLayerChanges(before, layer(one(0, "apple", 0), one(1, "car", 10))), ["fish → apple", "car moved"]);
});

test("what came and what went is named", () => {
  const before = layer(one(0, "fish", 0), one(1, "car", 9));
  assert.deepEqual(describeLayerChanges(before, layer(one(0, "car", 9))), ["fish removed"]);
  assert.deepEqual(describeLayerChanges(layer(), before), ["fish added", "car added"]);
});
