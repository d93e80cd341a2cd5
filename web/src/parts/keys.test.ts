import assert from "node:assert/strict";
import { test } from "node:test";
import { keysToShow, strokeOf } from "./keys.ts";

const press = (key: string, more = {}) =>
  strokeOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("strokes have names", () => {
  assert.equal(press("e"), "e");
  assert.equal(press("E", { shiftKey: true }), "shift+e");
  assert.equal(press("z", { ctrlKey: true }), "mod+z");
  assert.equal(press("z", { metaKey: true }), "mod+z");
  assert.equal(press("ArrowLeft", { shiftKey: true }), "shift+left");
});

test("a sign that needs shift on some keyboards is named without it", () => {
  assert.equal(press("?", { shiftKey: true }), "?");
  assert.equal(press("?"), "?");
});

test("keys are shown one by one", () => {
  assert.deepEqual(keysToShow("mod+shift+z", false), [["Ctrl", "Shift", "Z"]]);
  assert.deepEqual(keysToShow("mod+z", true), [["⌘", "Z"]]);
  assert.deepEqual(keysToShow("g p", false), [["G"], ["P"]]);
  assert.deepEqual(keysToShow("+", false), [["+"]]);
});
