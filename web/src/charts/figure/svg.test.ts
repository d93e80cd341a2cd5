import assert from "node:assert/strict";
import { test } from "node:test";
import { truncate, element, escapeXml, text, textWidth, wrapText } from "./svg.ts";

test("what is written stays XML, whatever it says", () => {
  assert.equal(text('<a & "b">', { x: 1 / 3 }), '<text x="0.33">&lt;a &amp; &quot;b&quot;&gt;</text>');
  assert.equal(element("rect", { fill: 'a"b', y: undefined }), '<rect fill="a&quot;b"/>');
  assert.equal(escapeXml("a\u0000\u001b\ud800é\u{1f600}"), "aé\u{1f600}");
});

test("a text that is too wide is cut, and then fits", () => {
  assert.equal(truncate("short", 100, 12), "short");
  const name = truncate("a very long name of a class that nobody reads", 100, 12);
  assert.match(name, /^a very.*…$/);
  assert.ok(textWidth(name, 12) <= 100);
});

test("words go to the next line, and the last line is cut", () => {
  const lines = wrapText("one two three four five six seven eight nine ten eleven twelve", 80, 12, 3);
  assert.equal(lines.length, 3);
  assert.ok(lines[2]?.endsWith("…"));
  assert.ok(lines.every((line) => textWidth(line, 12) <= 80));
  assert.deepEqual(wrapText("", 80, 12, 3), []);
});
