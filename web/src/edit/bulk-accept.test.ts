import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, SourceInfo } from "../wire.ts";
import { acceptPredictions } from "./bulk-accept.ts";
import { boxGeometry, countIn, labelIn } from "./instance-values.ts";

const classes = [{ id: 3, name: "fish", color: null }, { id: 7, name: "apple", color: null }];
const kinds = ["true_positive", "class", "localisation", "both", "duplicate", "background"].map((name, id) => ({ id, name, color: null }));
const properties = [{ name: "label", categories: classes }, { name: "error_kind", categories: kinds }];
const column = (name: string) => ({ name, role: "boxes", categories: null, properties, skeleton: null }) as unknown as Column;
const info = { columns: [column("bbs"), column("bbs_predicted")], truth: ["bbs"], predictions: ["bbs_predicted"] } as unknown as SourceInfo;
const names = { info, predicted: "bbs_predicted", truth: "bbs", column: { properties: [{ name: "label" }] } as Column };
const boxes = (...all: [number, number, number?, number?][]) => ({
  instances: all.map(([x]) => boxGeometry([x, 0, x + 10, 10])),
  instances_additional_data: {
    label: all.map(([, label]) => label), error_kind: all.map(([, , kind]) => kind ?? null), confidence: all.map(([, , , sure]) => sure ?? null),
  },
});
const label = boxes([0, 3]);
const row = { bbs: label, bbs_predicted: boxes([1, 7, 1, 0.9], [50, 3, 5, 0.8], [80, 3, 5, 0.2], [2, 3, 0, 0.9]) };

test("predictions of the chosen kinds correct labels or join them", () => {
  const next = acceptPredictions(label, row, names, { kinds: ["class", "background"], least: 0.5 });
  assert.deepEqual([countIn(next), labelIn(next, 0), labelIn(next, 1)], [2, 7, 3]);
});

test("others are left alone", () => {
  assert.equal(acceptPredictions(label, row, names, { kinds: ["background"], least: 0.95 }), label);
  assert.equal(labelIn(acceptPredictions(label, row, names, { kinds: ["background"], least: 0.5 }), 0), 3);
});

test("of two predictions on one label the more confident one counts", () => {
  const both = { ...row, bbs_predicted: boxes([1, 3, 2, 0.6], [2, 7, 1, 0.9]) };
  const next = acceptPredictions(label, both, names, { kinds: ["class", "localisation"], least: 0.5 }) as typeof label;
  assert.deepEqual([labelIn(next, 0), countIn(next), next.instances[0]], [7, 1, label.instances[0]]);
});
