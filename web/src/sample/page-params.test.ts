import assert from "node:assert/strict";
import { test } from "node:test";
import { placeParam } from "./page-params.ts";

test("a place comes back from its text", () => {
  for (const place of [null, { column: "bbs_predicted", index: 3 }, { column: "a:b", index: 0 }]) {
    assert.deepEqual(placeParam.read(placeParam.write(place)), place);
  }
});

test("what is no place is none", () => {
  for (const text of [null, "", "bbs", "bbs:", "bbs:x", ":3"]) assert.equal(placeParam.read(text), null);
});
