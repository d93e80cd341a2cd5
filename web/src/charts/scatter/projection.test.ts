import assert from "node:assert/strict";
import { test } from "node:test";
import { type Extents, moved, projection, unprojected, WHOLE, zoomedAt } from "./projection.ts";

const extents: Extents = { x: [0, 10], y: [-1, 1], z: null };
const frame = { width: 400, height: 300, margin: 20, even: false };
const near = (found: readonly number[], wanted: readonly number[]) =>
  found.forEach((value, i) => assert.ok(Math.abs(value - (wanted[i] as number)) < 1e-6, `${found}`));
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
  near(unprojected(p, pixel(p, [4, 0.25]) as [number, number]), [4, 0.25]);
});

test("what is under the pointer stays there while zooming", () => {
  const before = unprojected(projection(extents, WHOLE, frame), [100, 40]);
  const view = zoomedAt(extents, WHOLE, frame, [100, 40], 2.5);
  near(unprojected(projection(extents, view, frame), [100, 40]), before);
});

test("what is dragged follows the pointer", () => {
  const before = unprojected(projection(extents, WHOLE, frame), [100, 40]);
  const view = moved(extents, WHOLE, frame, [30, -7]);
  near(unprojected(projection(extents, view, frame), [130, 33]), before);
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
