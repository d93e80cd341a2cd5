import assert from "node:assert/strict";
import { test } from "node:test";
import { disc } from "./discs.ts";
import { over, unmultiply } from "./pixels.ts";
import { type ScatterDrawing, nearestPoint, type Points, raster } from "./raster.ts";

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
const drawn = (changes: Partial<ScatterDrawing>, p: Points) => {
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
    assert.ok(Math.abs((color(pixels[11]) & 255) - 0x88) <= 2);
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
    const covered = disc(radius).cover.reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(covered / (Math.PI * radius ** 2) - 1) < 0.2, `${radius}: ${covered}`);
  }
});

test("a colour over nothing is itself, over another one a mixture", () => {
  assert.equal(over(0, RED, 256), RED);
  assert.equal(over(0xff000000, 0xffffffff, 128) & 255, 127);
});

test("colours laid over each other are those of the formula of Porter and Duff", () => {
  let seed = 11;
  const next = (most: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % (most + 1);
  };
  for (let round = 0; round < 2000; round++) {
    let pixel = 0;
    let [wanted, alpha] = [[0, 0, 0], 0];
    for (let layer = 0; layer < 6; layer++) {
      const [color, share] = [[next(255), next(255), next(255)] as const, next(256)];
      pixel = over(pixel, 0xff000000 | (color[2] << 16) | (color[1] << 8) | color[0], share);
      wanted = color.map((one, at) => one * (share / 256) + wanted[at]! * (1 - share / 256));
      alpha = share / 256 + alpha * (1 - share / 256);
    }
    const found = Uint32Array.of(pixel);
    [...wanted, 255 * alpha].forEach((value, at) => {
      assert.ok(Math.abs(((pixel >>> (8 * at)) & 255) - value) <= 3, `${pixel.toString(16)}: ${wanted}, ${alpha}`);
    });
    unmultiply(found);
    if (alpha < 0.5) continue;
    wanted.forEach((value, at) => {
      assert.ok(Math.abs(((found[0]! >>> (8 * at)) & 255) - value / alpha) <= 7);
    });
  }
});

test("in depth the nearer points hide the others, those beside each other do not", () => {
  const deep = (depths: number[], selected: number[] | null) => {
    const some = points(depths.map(() => 4), depths.map(() => 6), selected);
    some.z = Float32Array.from(depths);
    some.places = Uint8Array.from(depths, (_, row) => row);
    some.colors = Uint32Array.of(0xff0000ff, 0xff00ff00, ...new Array(254).fill(GREY));
    const projection = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    return color(drawn({ projection, radius: 2 }, some)[64]);
  };
  assert.ok(deep([0.5, -0.5], null) >> 8 > 200);
  assert.equal(deep([-0.5, 0.5], null), 0x0000ff);
  assert.notEqual(deep([0.501, 0.502], null), deep([0.501], null));
  assert.ok((deep([0.9, -0.9], [1, 0]) & 255) > 0xa0, "the selected one lies over the rest, however deep");
});

test("the nearest corner of a cube is drawn at full strength", () => {
  const corner = points([4], [6], null);
  corner.z = Float32Array.of(-1.1);
  const projection = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  assert.equal((drawn({ projection, radius: 2 }, corner)[64] as number) >>> 24, 255);
});

test("the nearest selected point within reach is found", () => {
  const some = points([1, 4, 8], [1, 4, 8], [1, 0, 1]);
  assert.equal(nearestPoint(some, ONE_TO_ONE, [4, 4], 10), 0);
  assert.equal(nearestPoint(some, ONE_TO_ONE, [4, 4], 2), -1);
});
