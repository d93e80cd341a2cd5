import assert from "node:assert/strict";
import { test } from "node:test";
import { countFigure } from "./counts.ts";
import { curveFigure } from "./curves.ts";
import { histogramFigure } from "./histogram.ts";
import { matrixFigure } from "./matrix.ts";
import { type Figure, figureToSvg } from "./figure.ts";

const resolveColor = (color: string) => (color.startsWith("--") ? `#00000${color.length % 10}` : color);
const svgOf = (figure: Figure) => figureToSvg(figure, resolveColor);
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, content]) => content);
const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;

/** Every element is closed, no number is missing, nothing is asked for elsewhere. */
function isWhole(svg: string): void {
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|var\(|class=|--\w/);
  const open: string[] = [];
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end) assert.equal(open.pop(), name);
    else if (!alone) open.push(name as string);
  }
  assert.deepEqual(open, []);
}

const series = [
  { name: "train", color: "--series-1", x: [0, 1, 2], y: [1, null, 3] },
  { name: "<val>", color: "--series-2", x: [1, 2], y: [3, 400], dashed: true },
];

test("curves have a line each, numbers at both axes and their names in the legend", () => {
  const svg = svgOf(curveFigure({ title: "t & u", series, xLabel: "epoch" }, resolveColor));
  isWhole(svg);
  assert.equal(count(svg, /<polyline/g), 2);
  for (const wanted of ["t &amp; u", "epoch", "0", "1", "2", "200", "400", "train", "&lt;val&gt;"]) {
    assert.ok(texts(svg).includes(wanted), wanted);
  }
});

test("on a log scale the axis has powers of ten, and what is not positive is left out", () => {
  const values = [{ name: "", color: "--series-1", x: [0, 1, 2, 3], y: [0, 1, 100, 10_000] }];
  const svg = svgOf(curveFigure({ title: "loss", series: values, xLabel: "epoch", log: true }, resolveColor));
  isWhole(svg);
  assert.equal(/points="([^"]*)"/.exec(svg)?.[1]?.split(" ").length, 3);
  for (const wanted of ["1", "10", "100", "1,000", "10,000"]) assert.ok(texts(svg).includes(wanted), wanted);
});

test("one value is a dot, none is a chart all the same", () => {
  const one = svgOf(curveFigure({ title: "", series: [{ name: "a", color: "red", x: [5], y: [2] }], xLabel: "epoch" }, resolveColor));
  isWhole(one);
  assert.equal(count(one, /<circle/g), 1);
  assert.ok(texts(one).includes("5") && texts(one).includes("2"));
  isWhole(svgOf(curveFigure({ title: "", series: [], xLabel: "", log: true }, resolveColor)));
});

test("a histogram has a bar for each bin that has something; a bar that is too high says so", () => {
  const binned = { title: "h", edges: [0, 1, 2, 3], xName: "f1", yName: "samples", highest: 10 };
  const svg = svgOf(histogramFigure({ ...binned, layers: [{ counts: [4, 0, 1234], color: "--accent", name: "all" }] }, resolveColor));
  isWhole(svg);
  assert.equal(count(svg, /<rect/g), 4); // the background, two bars and the key
  for (const wanted of ["f1", "samples", "0", "3", "10", "1,234", "all"]) assert.ok(texts(svg).includes(wanted), wanted);
  isWhole(svgOf(histogramFigure({ ...binned, edges: [], layers: [{ counts: [], color: "red" }] }, resolveColor)));
});

test("logarithmic counts keep few samples visible beside many", () => {
  const heights = (log: boolean) => {
    const layers = [{ counts: [1, 1000], color: "#abc" }];
    const svg = svgOf(histogramFigure({ title: "", edges: [0, 1, 2], layers, xName: "", yName: "", log }, resolveColor));
    return [...svg.matchAll(/height="([\d.]+)" fill="#abc"/g)].map(([, height]) => Number(height));
  };
  const [few, many] = heights(true) as [number, number];
  const [least] = heights(false) as [number, number];
  assert.ok(few > many / 15 && least < few / 5);
});

test("counts have a bar and a number each; of very many the rest is counted", () => {
  const bars = Array.from({ length: 120 }, (_, at) => ({ name: `class ${at}`, count: 120 - at, total: 200 }));
  const svg = svgOf(countFigure({ title: "c", bars, unit: "boxes" }, resolveColor));
  isWhole(svg);
  assert.ok(texts(svg).includes("class 0") && texts(svg).includes("class 99") && !texts(svg).includes("class 100"));
  assert.ok(texts(svg).includes("the 100 most frequent of 120"));
  isWhole(svgOf(countFigure({ title: "none", bars: [], unit: "boxes" }, resolveColor)));
});

test("bars are as long as what they count", () => {
  const bars = [{ name: "a", count: 50, color: "#abc" }, { name: "b", count: 100, color: "#abc" }];
  const svg = svgOf(countFigure({ title: "c", bars, unit: "boxes" }, resolveColor));
  const [a, b] = [...svg.matchAll(/width="([\d.]+)" height="14" rx="2" fill="#abc"/g)].map(([, width]) => Number(width));
  assert.ok(Math.abs((b as number) - 2 * (a as number)) < 0.1);
});

test("shares have an axis up to 1, whatever the largest is", () => {
  const bars = [{ name: "cat", count: 0.5, words: "0.500 · the label", color: "#abc" }];
  const svg = svgOf(countFigure({ title: "c", bars, unit: "confidence", full: 1 }, resolveColor));
  for (const wanted of ["0", "0.2", "1", "0.500 · the label"]) assert.ok(texts(svg).includes(wanted), wanted);
});

test("a matrix has its names twice and each count once", () => {
  const cells = [[{ count: 7, color: "#0f0" }, { count: 0, color: "#f00" }], [{ count: 1234, color: "#f00" }, { count: 3, color: "#0f0" }]];
  const svg = svgOf(matrixFigure({ title: "m", names: ["cat", "dog"], cells, rowName: "ground truth", columnName: "prediction" }, resolveColor));
  isWhole(svg);
  assert.deepEqual(texts(svg).filter((one) => /^\d/.test(one as string)), ["7", "1,234", "3"]);
  assert.equal(texts(svg).filter((one) => one === "dog").length, 2);
  assert.ok(texts(svg).includes("ground truth") && texts(svg).includes("prediction"));
});

test("keys that have no room go to the next line, and the figure grows", () => {
  const chart = { width: 300, height: 100, body: "" };
  const keys = (many: number) => Array.from({ length: many }, (_, at) => ({ name: `a run with a name ${at}`, color: "--accent", mark: "line" as const }));
  const high = (many: number) => Number(/ height="(\d+)"/.exec(svgOf({ title: "k", chart, keys: keys(many) }))?.[1]);
  assert.equal(high(2) - high(1), 0);
  assert.ok(high(6) > high(2));
  const ramp = svgOf({ title: "r", chart, keys: [{ name: "f1", ramp: ["#000", "#fff"], low: "0", high: "1" }] });
  isWhole(ramp);
  assert.deepEqual(texts(ramp).slice(-3), ["f1", "0", "1"]);
});

test("the figure says its title to screen readers, and of which data it is", () => {
  const svg = svgOf({ title: "a < b", note: "baseline · val", chart: { width: 10, height: 10, body: "" } });
  assert.match(svg, /<title>a &lt; b<\/title>/);
  assert.ok(texts(svg).includes("baseline · val"));
  assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
});
