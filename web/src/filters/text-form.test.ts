import assert from "node:assert/strict";
import { test } from "node:test";
import type { Filter } from "../wire.ts";
import { idsToText, textToIds } from "./rows.ts";
import { filtersToText, textToFilters } from "./text-form.ts";

const READABLE: [string, Filter][] = [
  ["f1:0.2..0.5", { kind: "range", column: "f1", low: 0.2, high: 0.5 }],
  ["area:..-1e-7", { kind: "range", column: "area", low: null, high: -1e-7 }],
  ["f1:0..", { kind: "range", column: "f1", low: 0, high: null }],
  ["split=train,val", { kind: "one_of", column: "split", values: ["train", "val"] }],
  ["label=3,null,true,'3,'", { kind: "one_of", column: "label", values: [3, null, true, "3", ""] }],
  ["image~000", { kind: "text", column: "image", contains: "000" }],
  [
    "bbs_predicted[error_kind]=1,5@0.5",
    { kind: "instances", column: "bbs_predicted", property: "error_kind", values: [1, 5], confidence: 0.5 },
  ],
  [
    "ground_truth_kind[]=1,null",
    { kind: "instances", column: "ground_truth_kind", property: "", values: [1, null], confidence: null },
  ],
  [
    "map.0*map.1(0,0 1.5,0 1,-2)",
    { kind: "polygon", x: "map.0", y: "map.1", points: [[0, 0], [1.5, 0], [1, -2]] },
  ],
  [
    "map.0*map.1*map.2@0.83,0,0.56 -0.2,1e-7,-3(0,0 1.5,0 1,-2)",
    {
      kind: "projected", x: "map.0", y: "map.1", z: "map.2", across: [0.83, 0, 0.56], up: [-0.2, 1e-7, -3],
      points: [[0, 0], [1.5, 0], [1, -2]],
    },
  ],
  [
    "!(f1:..0.5;!(a=1;b~c))",
    {
      kind: "not",
      filter: {
        kind: "all",
        filters: [
          { kind: "range", column: "f1", low: null, high: 0.5 },
          {
            kind: "not",
            filter: {
              kind: "all",
              filters: [{ kind: "one_of", column: "a", values: [1] }, { kind: "text", column: "b", contains: "c" }],
            },
          },
        ],
      },
    },
  ],
  ["()", { kind: "all", filters: [] }],
  ["rows(1-3,7)", { kind: "rows", example_ids: [1, 2, 3, 7] }],
  ["confusion(3>*)", { kind: "confusion", truth: 3, predicted: null, confidence: 0 }],
  ["confusion(*>-1)@0.25", { kind: "confusion", truth: null, predicted: -1, confidence: 0.25 }],
  ["!f1:..0.5", { kind: "not", filter: { kind: "range", column: "f1", low: null, high: 0.5 } }],
];

test("a filter and its text are one", () => {
  for (const [text, filter] of READABLE) {
    assert.equal(filtersToText([filter]), text);
    assert.deepEqual(textToFilters(text), [filter]);
  }
});

test("several filters stand in one text", () => {
  const filters = READABLE.map(([, filter]) => filter);
  assert.deepEqual(textToFilters(filtersToText(filters)), filters);
});

test("names and values may hold any letter", () => {
  const nasty = "a;b:c=d~e[f]@g,h!(i)*j>k %3b\n\u2028'é';--null";
  const filters: Filter[] = [
    { kind: "range", column: nasty, low: 1, high: 2 },
    { kind: "one_of", column: nasty, values: [nasty, "null", "true", "1e3", "'", "!"] },
    { kind: "text", column: `!${nasty}`, contains: nasty },
    { kind: "instances", column: nasty, property: nasty, values: [0], confidence: 0 },
    { kind: "polygon", x: nasty, y: nasty, points: [[1, 2], [3, 4], [5, 1e21]] },
    { kind: "projected", x: nasty, y: nasty, z: nasty, across: [1, 2, 3], up: [4, 5, 1e21], points: [[1, 2], [3, 4], [5, 6]] },
    { kind: "all", filters: [{ kind: "text", column: nasty, contains: nasty }, { kind: "rows", example_ids: [1, 3] }] },
    { kind: "not", filter: { kind: "not", filter: { kind: "text", column: "rows", contains: "" } } },
  ];
  assert.deepEqual(textToFilters(filtersToText(filters)), filters);
});

test("what cannot be read is left out", () => {
  assert.deepEqual(textToFilters("nonsense;f1:a..b;f1:0..1;x*y(1,2);;!"), [
    { kind: "range", column: "f1", low: 0, high: 1 },
  ]);
});

test("a class or a confidence that is no number makes no filter: it would mean what is missing", () => {
  assert.deepEqual(textToFilters("b[label]=x;b[label]=1@high;b[label]=1,,2"), []);
});

test("a group with a part that cannot be read is left out as a whole", () => {
  assert.deepEqual(textToFilters("!(f1:..0.5;nonsense)"), []);
  assert.deepEqual(textToFilters(`${"!(".repeat(9000)}f1:0..1${")".repeat(9000)}`), []);
});

test("a projection needs three columns, two sums of three factors, and corners", () => {
  for (const text of ["x*y*z@1,2,3(0,0 1,0 1,1)", "x*y*z@1,2 3,4(0,0 1,0 1,1)", "x*y*z@1,2,3 4,5,6(0,0 1,1)", "x*y*z@1,2,3 4,5,(0,0 1,0 1,1)", "x*y*z@1,2,3 4,5,6(0,0 1,0 1,1e999)"]) {
    assert.deepEqual(textToFilters(text), [], text);
  }
});

test("ids are sorted, unique and written in runs", () => {
  assert.equal(idsToText([9, 2, 1, 3, 2]), "1-3,9");
  assert.deepEqual(textToIds("1-3,9,x,-"), [1, 2, 3, 9]);
  assert.deepEqual(textToIds(""), []);
});
