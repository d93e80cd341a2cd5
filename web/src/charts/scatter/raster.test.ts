import assert from "node:assert/strict";
import { test } from "node:test";
import { disc, type Drawing, nearestPoint, over, type Points, raster } from "./raster.ts";

const RED = 0xff0000ff;
const GREY = 0xff888888;
const ONE_TO_ONE = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
const points = (xs: number[], ys: number[], selected: number[] | null): Points => ({
  x: Float32Array.from(xs),
  y: Float32Array.from(ys),
  z: null,
  places: new Uint8Array(xs.length),
  colors: new Uint32Array(256).fill(RED),
  selected: selected && Uint8Array.from(selected),
});
const drawn = (changes: Partial<Drawing>, p: Points) => {
  const pixels = new Uint32Array(100);
  raster(pixels, 10, 10, { points: p, projection: ONE_TO_ONE, radius: 1, rest: GREY, restAlpha: 0.5, ...changes });
  return pixels;
};
const color = (pixel: number | undefined) => (pixel as number) & 0xffffff;

test("a point is drawn where it is, in its colour", () => {
  for (const radius of [0.5, 1, 3]) {
    const pixels = drawn({ radius }, points([4], [6], null));
    assert.equal(color(pixels[64]), 0x0000ff);
    assert.equal(pixels[0], 0);
  }
});

test("what is selected lies over what is not", () => {
  for (const radius of [0.5, 1]) {
    const pixels = drawn({ radius }, points([4, 4, 1], [6, 6, 1], [1, 0, 0]));
    assert.ok(color(pixels[64]) % 256 > 200);
    assert.equal(color(pixels[11]), 0x888888);
  }
});

test("points outside of the picture and missing ones are not drawn", () => {
  for (const radius of [0.5, 2]) {
    const pixels = drawn({ radius }, points([-9, 5, Number.NaN], [5, 99, 5], null));
    assert.ok(pixels.every((pixel) => pixel === 0));
  }
});

test("more points on a pixel are stronger", () => {
  const pixels = drawn({ radius: 0.5 }, points([1, 5, 5, 5, 5], [1, 5, 5, 5, 5], null));
  assert.ok((pixels[55] as number) >>> 24 > (pixels[11] as number) >>> 24);
});

test("the colour of a crowded pixel is that of each of its points as often", () => {
  const all: Points = {
    ...points([], [], null),
    x: Float32Array.from({ length: 4000 }, (_, row) => row % 100),
    y: new Float32Array(4000),
    places: Uint8Array.from({ length: 4000 }, (_, row) => (row < 2000 ? 1 : 2)),
    colors: Uint32Array.from({ length: 256 }, (_, place) => (place === 1 ? RED : GREY)),
  };
  const pixels = new Uint32Array(100);
  raster(pixels, 100, 1, { points: all, projection: ONE_TO_ONE, radius: 0.5, rest: 0, restAlpha: 0 });
  const firsts = pixels.filter((pixel) => color(pixel) === 0x0000ff).length;
  assert.ok(firsts > 30 && firsts < 70, `${firsts}`);
});

test("a disc covers about as much as its area", () => {
  for (const radius of [1, 2.4, 3.6]) {
    const covered = disc(radius).filter((_, at) => at % 3 === 2).reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(covered / (Math.PI * radius ** 2) - 1) < 0.2, `${radius}: ${covered}`);
  }
});

test("a colour over nothing is itself, over another one a mixture", () => {
  assert.equal(over(0, RED, 1), RED);
  assert.equal(over(0xff000000, 0xffffffff, 0.5) & 255, 127);
});

test("the nearest selected point within reach is found", () => {
  const some = points([1, 4, 8], [1, 4, 8], [1, 0, 1]);
  assert.equal(nearestPoint(some, ONE_TO_ONE, [4, 4], 10), 0);
  assert.equal(nearestPoint(some, ONE_TO_ONE, [4, 4], 2), -1);
});
