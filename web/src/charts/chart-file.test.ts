import assert from "node:assert/strict";
import { test } from "node:test";
import { chartCsv, chartSvg, ticksOf } from "./chart-file.ts";

const color = (token: string) => `#${token.length}`;
const series = [
  { name: "a,b", color: "--series-1", x: [0, 1], y: [1, null] },
  { name: "<val>", color: "--series-2", x: [1, 2], y: [3, 4] },
];

test("numbers as CSV: missing cells are empty, names with commas are quoted", () => {
  assert.equal(chartCsv(series, "epoch"), 'epoch,"a,b",<val>\r\n0,1,\r\n1,,3\r\n2,,4\r\n');
});

test("an SVG has one line for each series and escapes its names", () => {
  const svg = chartSvg(series, { title: "t & u", xLabel: "epoch", color });
  assert.equal(svg.match(/<polyline/g)?.length, 2);
  assert.ok(svg.includes("&lt;val&gt;") && svg.includes("t &amp; u"));
  assert.ok(!svg.includes("NaN"));
});

test("a chart without values is drawn all the same", () => {
  assert.ok(!chartSvg([], { title: "", xLabel: "", color, log: true }).includes("NaN"));
});

test("ticks are round and lie within", () => {
  assert.deepEqual(ticksOf([0, 9]), [0, 2, 4, 6, 8]);
  assert.deepEqual(ticksOf([0.1, 0.35]), [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
  assert.deepEqual(ticksOf([3, 3]), [3]);
});
