import assert from "node:assert/strict";
import { test } from "node:test";
import { seriesCsv } from "./series.ts";

test("missing cells are empty, names with commas are quoted", () => {
  const series = [
    { name: "a,b", color: "--series-1", x: [0, 1], y: [1, null] },
    { name: 'the "val"', color: "--series-2", x: [1, 2], y: [3, 4] },
  ];
  assert.equal(seriesCsv(series, "epoch"), 'epoch,"a,b","the ""val"""\r\n0,1,\r\n1,,3\r\n2,,4\r\n');
});
