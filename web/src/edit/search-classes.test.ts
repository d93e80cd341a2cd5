import assert from "node:assert/strict";
import { test } from "node:test";
import { searchClasses } from "./search-classes.ts";

const classes = ["bicycle", "car", "scarf", "Cat"].map((name, id) => ({ id, name, color: null }));
const found = (text: string) => searchClasses(classes, text).map(({ name }) => name);

test("classes that begin with the text come first", () => {
  assert.deepEqual(found("ca"), ["car", "Cat", "scarf"]);
});

test("nothing typed finds everything, something unknown nothing", () => {
  assert.equal(found("").length, 4);
  assert.deepEqual(found("zebra"), []);
});
