import assert from "node:assert/strict";
import { test } from "node:test";
import { chartsOfRun, chartsOfRuns, groupOf } from "./curve-groups.ts";

const curve = (split: string | null, name: string) => ({
  split,
  name,
  epochs: [0, 1],
  values: [1, 2],
  times: ["", ""],
});

test("aggregates of SuperGradients find their groups", () => {
  const names = ["PPYoloELoss/loss_cls", "lr/default", "epoch_time_s", "mAP@0.50", "YoloXDetectionLoss/iou", "gloss"];
  assert.deepEqual(names.map(groupOf), ["Losses", "Learning rate", "Time", "Metrics", "Losses", "Metrics"]);
});

test("a loss of training and of validation share a chart, metrics come first", () => {
  const charts = chartsOfRun([curve("train", "loss"), curve("val", "loss"), curve("val", "mAP")]);
  assert.deepEqual(charts.map((chart) => chart.title), ["mAP", "loss"]);
  assert.deepEqual(charts[1]?.series.map((series) => series.name), ["train", "val"]);
});

test("a split has one colour in all charts", () => {
  const charts = chartsOfRun([curve("val", "mAP"), curve("train", "loss"), curve("val", "loss")]);
  const colors = charts.flatMap((chart) => chart.series.filter((one) => one.name === "val"));
  assert.equal(new Set(colors.map((one) => one.color)).size, 1);
});

test("runs share a chart of one split", () => {
  const runs = ["a", "b"].map((name) => ({ name, color: "--c", curves: [curve("val", "mAP")] }));
  const charts = chartsOfRuns(runs);
  assert.deepEqual(charts.map((chart) => chart.title), ["mAP · val"]);
  assert.deepEqual(charts[0]?.series.map((series) => series.name), ["a", "b"]);
});

test("values without an epoch are counted", () => {
  const charts = chartsOfRun([{ ...curve(null, "fps"), epochs: [null, null] }]);
  assert.deepEqual(charts[0]?.series[0]?.x, [0, 1]);
});
