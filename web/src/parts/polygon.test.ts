import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, insidePolygon, type Point, rectangle, simplifyPolygon } from "./polygon.ts";

const xs = [0.5, 1.5, 0.5, Number.NaN, 3];
const ys = [0.5, 0.5, 1.5, 0.5, 3];

test("points of a square are inside of it, missing ones are not", () => {
  assert.deepEqual([...insidePolygon(xs, ys, rectangle([0, 0], [1, 1]))], [1, 0, 0, 0, 0]);
});

test("the hole that a polygon winds around twice is outside", () => {
  const star: Point[] = [[0, 3], [1.8, -2.4], [-2.9, 0.9], [2.9, 0.9], [-1.8, -2.4]];
  assert.deepEqual([...insidePolygon([0, 0], [0, 2], star)], [0, 1]);
});

test("a random polygon agrees with the angle that it winds around a point", () => {
  const angles = Array.from({ length: 12 }, (_, i) => (i / 12) * 2 * Math.PI);
  const polygon = angles.map((a, i): Point => [Math.cos(a) * (1 + (i % 3)), Math.sin(a) * (1 + (i % 3))]);
  let seed = 7;
  const next = () => {
    seed = (seed * 16807) % 2147483647;
    return (seed / 2147483647) * 6 - 3;
  };
  const points = Array.from({ length: 500 }, (): Point => [next(), next()]);
  const inside = insidePolygon(points.map(([x]) => x), points.map(([, y]) => y), polygon);
  points.forEach(([x, y], at) => {
    let turned = 0;
    polygon.forEach(([x0, y0], i) => {
      const [x1, y1] = polygon[(i + 1) % polygon.length] as Point;
      const cross = (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y);
      turned += Math.atan2(cross, (x0 - x) * (x1 - x) + (y0 - y) * (y1 - y));
    });
    assert.equal(inside[at], Math.abs(turned) > Math.PI ? 1 : 0);
  });
});

test("corners on a straight line are left out", () => {
  const line: Point[] = [[0, 0], [1, 0.01], [2, 0], [2, 2], [0, 2]];
  assert.deepEqual(simplifyPolygon(line, 0.1), [[0, 0], [2, 0], [2, 2], [0, 2]]);
});

test("the extent passes over what is missing", () => {
  assert.deepEqual(extent([2, Number.NaN, -1]), [-1, 2]);
});
