import assert from "node:assert/strict";
import { test } from "node:test";
import { insidePolygon, type Point, weightedSum } from "../../parts/polygon.ts";
import { type Extents, middleOf, panCamera, onPlane, projection, unproject, WHOLE, zoomAt } from "./projection.ts";

const extents: Extents = { x: [0, 10], y: [-1, 1], z: null };
const frame = { width: 400, height: 300, margin: 20, even: false };
const near = (found: readonly number[], wanted: readonly number[]) =>
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - (wanted[i] as number)) < 1e-6, `${found}`);
  });
const pixel = (p: Float64Array, [x, y, z = 0]: number[]) =>
  [0, 4].map((row) => p[row]! * x! + p[row + 1]! * y! + p[row + 2]! * z + p[row + 3]!);

test("the ends of the data lie at the margins", () => {
  const p = projection(extents, WHOLE, frame);
  near(pixel(p, [0, -1]), [20, 280]);
  near(pixel(p, [10, 1]), [380, 20]);
});

test("on a map a unit is as long across as down", () => {
  const p = projection(extents, WHOLE, { ...frame, even: true });
  near([p[0]!], [-p[5]!]);
});

test("a pixel and its values are one", () => {
  const p = projection(extents, { ...WHOLE, zoom: 3, x: 0.2 }, frame);
  near(unproject(p, pixel(p, [4, 0.25]) as [number, number]), [4, 0.25]);
});

test("what is under the pointer stays there while zooming", () => {
  const before = unproject(projection(extents, WHOLE, frame), [100, 40]);
  const view = zoomAt(extents, WHOLE, frame, [100, 40], 2.5);
  near(unproject(projection(extents, view, frame), [100, 40]), before);
});

test("what is dragged follows the pointer", () => {
  const before = unproject(projection(extents, WHOLE, frame), [100, 40]);
  const view = panCamera(extents, WHOLE, frame, [30, -7]);
  near(unproject(projection(extents, view, frame), [130, 33]), before);
});

test("a cube that turns keeps its centre and stays in the frame", () => {
  const cube: Extents = { x: [0, 1], y: [5, 6], z: [-1, 0] };
  for (let turn = 0; turn < 6; turn += 0.5) {
    const p = projection(cube, { ...WHOLE, turn }, frame);
    near(pixel(p, [0.5, 5.5, -0.5]), [200, 150]);
    for (const x of [0, 1]) for (const y of [5, 6]) for (const z of [-1, 0]) {
      const [across, down] = pixel(p, [x, y, z]) as [number, number];
      assert.ok(across > 0 && across < 400 && down > 0 && down < 300);
    }
  }
});

test("what is drawn on a turned cube holds the points that are seen in it", () => {
  const cubes: Extents[] = [
    { x: [0, 1], y: [5, 6], z: [-1, 0] },
    { x: [0, 1e-6], y: [1.7e9, 1.7e9 + 1000], z: [-3e5, 4e5] },
  ];
  let seed = 5;
  const next = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const lasso: Point[] = [[90, 40], [250, 60], [320, 250], [180, 140], [60, 200]];
  for (const cube of cubes) for (const zoom of [1, 900]) for (const even of [true, false]) {
    const view = { ...WHOLE, zoom, turn: next() * 6, tilt: next() * 3 - 1.5 };
    const p = projection(cube, view, { ...frame, even });
    const places = Array.from({ length: 3000 }, () =>
      [cube.x, cube.y, cube.z as [number, number]].map(([low, high]) => {
        const near = zoom === 1 ? next() : 0.5 + (next() - 0.5) / zoom;
        return low + (high - low) * near;
      }));
    const { points, plane } = onPlane(p, cube, zoom, lasso);
    const [xs, ys, zs] = [0, 1, 2].map((column) => places.map((place) => place[column]!)) as [number[], number[], number[]];
    const { across, up } = plane ?? assert.fail();
    const found = insidePolygon(weightedSum(across, xs, ys, zs), weightedSum(up, xs, ys, zs), points);
    const seen = places.map((place) => pixel(p, place) as Point);
    const wanted = insidePolygon(seen.map(([a]) => a), seen.map(([, d]) => d), lasso);
    seen.forEach((at, row) => {
      if (edgeDistance(at, lasso) > 0.3) assert.equal(found[row], wanted[row], `${at} at zoom ${zoom}`);
    });
  }
});

function edgeDistance([x, y]: Point, polygon: Point[]): number {
  return Math.min(...polygon.map(([x0, y0], at) => {
    const [x1, y1] = polygon[(at + 1) % polygon.length] as Point;
    const t = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
    const along = Math.max(0, Math.min(1, t));
    return Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
  }));
}

test("the numbers of a shape are short where one sees no more of them", () => {
  const cube: Extents = { x: [-10, 10], y: [-10, 10], z: [-10, 10] };
  const p = projection(cube, WHOLE, { ...frame, even: true });
  const { points, plane } = onPlane(p, cube, 1, [[90, 40], [250, 60], [320, 250]]);
  for (const number of [...points, plane?.across ?? [], plane?.up ?? []].flat()) {
    assert.ok(`${number}`.length <= 8, `${number}`);
  }
});

test("the middle of the frame is where the projection puts it", () => {
  const views = [WHOLE, { ...WHOLE, zoom: 40, x: 0.1, y: 0.9, turn: 2, tilt: -1 }];
  const cube: Extents = { x: [0, 10], y: [1e6, 2e6], z: [-1e-3, 1e-3] };
  for (const view of views) for (const shown of [extents, cube]) {
    const p = projection(shown, view, frame);
    near(pixel(p, middleOf(p, 400, 300)), [200, 150]);
  }
});
