import assert from "node:assert/strict";
import { test } from "node:test";
import { categoryColor, categoryPlaces, hex, MISSING, numberPlaces, packColor, rgb, viridis } from "./colors.ts";

const luminance = (color: string) => {
  const [r, g, b] = rgb(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

test("lightness rises along the numbers", () => {
  const shares = Array.from({ length: 30 }, (_, i) => i / 29);
  const light = shares.map((share) => {
    const hex = viridis(share).map((part) => part.toString(16).padStart(2, "0")).join("");
    return luminance(`#${hex}`);
  });
  assert.ok(light.every((value, i) => i === 0 || value > (light[i - 1] as number)));
});

test("the first sixteen classes have different colours", () => {
  assert.equal(new Set(Array.from({ length: 16 }, (_, i) => categoryColor(i))).size, 16);
});

test("numbers are placed between their ends, what is missing apart", () => {
  assert.deepEqual([...numberPlaces([0, 5, 10, 12, Number.NaN], 0, 10)], [0, 127, 254, 254, MISSING]);
  assert.deepEqual([...numberPlaces([3, 3], 3, 3)], [0, 0]);
});

test("ids are placed by the order of their classes", () => {
  const classes = [{ id: 7, name: "a", color: null }, { id: 3, name: "b", color: null }];
  assert.deepEqual([...categoryPlaces([3, 7, 1, Number.NaN], classes)], [1, 0, MISSING, MISSING]);
});

test("a pixel has red in its lowest byte", () => {
  assert.equal(packColor([1, 2, 3]).toString(16), "ff030201");
});

test("a colour may be shortened", () => {
  assert.equal(hex(rgb("#0a1")), "#00aa11");
  assert.deepEqual([rgb("#fff"), rgb("#1a2"), rgb("#14181d")], [[255, 255, 255], [17, 170, 34], [20, 24, 29]]);
});
