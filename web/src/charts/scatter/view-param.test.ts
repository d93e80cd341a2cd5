import assert from "node:assert/strict";
import { test } from "node:test";
import { WHOLE } from "./projection.ts";
import { viewParam } from "./view-param.ts";

test("a view comes back from its text", () => {
  const views = [WHOLE, { ...WHOLE, zoom: 3.25, x: -0.1 }, { ...WHOLE, turn: -2.5 }, { zoom: 1e5, x: 0.123456, y: 2, turn: 0, tilt: 1 }];
  for (const view of views) assert.deepEqual(viewParam.read(viewParam.write(view)), view);
});

test("the whole stands in no address, and a flat view says nothing of turns", () => {
  assert.equal(viewParam.write({ ...WHOLE }), null);
  assert.equal(viewParam.write({ ...WHOLE, zoom: 2 }), "2,0.5,0.5");
});

test("what is no view is the whole", () => {
  for (const text of [null, "", "1,2", "1,2,x", "0,0.5,0.5", "-1,0,0", "1,2,3,4", "Infinity,0,0"]) {
    assert.equal(viewParam.read(text), WHOLE);
  }
});
