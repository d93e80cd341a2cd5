import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, SourceInfo } from "../wire.ts";
import { extentOf, layersOf } from "./layers.ts";

const column = (name: string, role: string, rest: object = {}) =>
  ({ name, role, categories: null, properties: null, skeleton: null, ...rest }) as unknown as Column;
const label = { name: "label", categories: [{ id: 1, name: "apple", color: null }, { id: 7, name: "car", color: null }] };
const kinds = { name: "error_kind", categories: [{ id: 0, name: "true_positive" }, { id: 5, name: "background" }] };
const info = (columns: Column[], truth: string[], predictions: string[]) =>
  ({ columns, truth, predictions }) as unknown as SourceInfo;
const box = (x: number) => ({ x_min: x, y_min: 0, x_max: x + 10, y_max: 10 });

test("boxes say what they are, and labels whether they were found", () => {
  const source = info(
    [column("bbs", "boxes", { properties: [label] }), column("bbs_predicted", "boxes", { properties: [label, kinds] })],
    ["bbs"],
    ["bbs_predicted"],
  );
  const [truth, predicted] = layersOf(source, {
    bbs: { x_max: 64, y_max: 48, instances: [box(0), box(30)], instances_additional_data: { label: [7, null] } },
    ground_truth_kind: Uint8Array.of(0, 1),
    ground_truth_match: [3, null],
    bbs_predicted: {
      instances: [box(1)],
      instances_additional_data: { label: [1], confidence: [0.9], iou: [0.8], matched_ground_truth: [0], error_kind: [5] },
    },
  });
  assert.deepEqual(truth?.instances.map(({ name, kind, match }) => [name, kind, match]), [["car", "matched", 3], ["unlabelled", "missed", null]]);
  const one = predicted?.instances[0];
  assert.deepEqual([one?.name, one?.kind, one?.confidence, one?.overlap, one?.match, one?.box], ["apple", "background", 0.9, 0.8, 0, [1, 0, 11, 10]]);
});

test("a class that nobody named is called by its number", () => {
  const source = info([column("bbs", "boxes", { properties: [label] })], ["bbs"], []);
  const [layer] = layersOf(source, { bbs: { instances: [box(0)], instances_additional_data: { label: [99] } } });
  assert.equal(layer?.instances[0]?.name, "class 99");
});

test("a pose has joints and a box", () => {
  const source = info([column("keypoints_2d", "keypoints")], ["keypoints_2d"], []);
  const joints = [{ x: 1, y: 2, visibility: 2 }, { x: 0, y: 0, visibility: 0 }];
  const [layer] = layersOf(source, { keypoints_2d: { instances: [{ keypoints: joints, bounding_box: box(0) }] } });
  assert.deepEqual([layer?.instances[0]?.joints, layer?.instances[0]?.box], [joints, [0, 0, 10, 10]]);
});

test("masks are polygons or run lengths", () => {
  const source = info([column("segmentations", "masks")], ["segmentations"], []);
  const rle = { width: 2, height: 2, counts: "04" };
  const instances = [{ polygons: [Float64Array.of(0, 0, 4, 0, 4, 4)], rle: null }, { polygons: null, rle }];
  const [layer] = layersOf(source, { segmentations: { instances } });
  assert.deepEqual(layer?.instances.map(({ mask }) => mask), [
    { kind: "polygons", rings: [[0, 0, 4, 0, 4, 4]] },
    { kind: "runs", ...rle },
  ]);
});

test("a segmentation has regions, or lies elsewhere", () => {
  const source = info([column("mask", "segmentation", { categories: label.categories })], ["mask"], []);
  const classes = [{ label: 7, counts: "04" }];
  const stored = layersOf(source, { mask: { url: null, width: 2, height: 2, classes } })[0];
  assert.deepEqual(stored?.regions.map(({ name }) => name), ["car"]);
  assert.equal(layersOf(source, { mask: { url: "a.png", classes: null } })[0]?.isElsewhere, true);
});

test("a classification has a label and the most probable ones", () => {
  const named = (name: string) => column(name, "category", { categories: label.categories });
  const source = info([named("label"), named("predicted_label")], ["label"], ["predicted_label"]);
  const [truth, predicted] = layersOf(source, { label: 1, predicted_label: 7, top_labels: [7, 1], top_confidences: [0.6, 0.4] });
  assert.deepEqual(truth?.scores, [{ label: 1, name: "apple", confidence: null }]);
  assert.deepEqual(predicted?.scores.map(({ name, confidence }) => [name, confidence]), [["car", 0.6], ["apple", 0.4]]);
});

test("nothing has empty layers", () => {
  const source = info([column("bbs", "boxes")], ["bbs"], []);
  assert.deepEqual(layersOf(source, {})[0]?.instances, []);
  assert.equal(extentOf(source, { bbs: null }), null);
  assert.deepEqual(extentOf(source, { bbs: { x_max: 64, y_max: 48 } }), [64, 48]);
});
