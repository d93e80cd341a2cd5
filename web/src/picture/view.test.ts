import assert from "node:assert/strict";
import { test } from "node:test";
import { findInstance } from "./find-instance.ts";
import type { Layer } from "./layers.ts";
import { type Plate, placeTag } from "./tags.ts";
import { fitImage, panImage, toImage, zoomImage } from "./view.ts";

const image = { width: 100, height: 50 };
const room = { width: 840, height: 640 };

test("the whole image is in the middle of the window", () => {
  assert.deepEqual(fitImage(image, room), { scale: 8, left: 20, top: 120 });
});

test("zooming leaves the point under the pointer where it is", () => {
  const before = fitImage(image, room);
  const after = zoomImage(before, 2, [400, 300], image, room);
  assert.equal(after.scale, 16);
  assert.deepEqual(toImage(after, [400, 300]), toImage(before, [400, 300]));
});

test("the image never leaves the window", () => {
  const far = panImage(fitImage(image, room), [5000, -5000], image, room);
  assert.deepEqual([far.left, far.top], [780, 60 - 400]);
});

const instance = (index: number, box: number[], confidence: number | null = null) =>
  ({ index, box, joints: [], mask: null, confidence, kind: null });
const layers = [
  { column: "bbs", isTruth: true, instances: [instance(0, [0, 0, 50, 50]), instance(1, [10, 10, 20, 20])] },
  { column: "predicted", isTruth: false, instances: [instance(0, [11, 11, 19, 19], 0.3)] },
] as unknown as Layer[];

test("the smallest instance around a point is meant, of those that are shown", () => {
  assert.deepEqual(findInstance(layers, [15, 15], 0, {}), { column: "predicted", index: 0 });
  assert.deepEqual(findInstance(layers, [15, 15], 0, { confidence: 0.5 }), { column: "bbs", index: 1 });
  assert.deepEqual(findInstance(layers, [15, 15], 0, { hidden: new Set(["bbs", "predicted"]) }), null);
  assert.equal(findInstance(layers, [90, 90], 0, {}), null);
});

test("names keep apart and stay in the picture", () => {
  const tag = { x: 790, y: 5, bottom: 40, isBelow: false };
  const first = placeTag(tag, 100, room, []);
  assert.deepEqual(first, { left: 740, top: 0, width: 100 });
  const second = placeTag(tag, 100, room, [first as Plate]);
  assert.ok(second && second.top >= 17);
  const full = Array.from({ length: 40 }, (_, line) => ({ left: 0, top: 17 * line, width: 840 }));
  assert.equal(placeTag(tag, 100, room, full), null);
});
