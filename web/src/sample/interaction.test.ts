import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE, type Interaction, type InteractionEvent, reduceInteraction } from "./interaction.ts";

const box = { column: "bbs", index: 2 };
const after = (...events: InteractionEvent[]): Interaction => events.reduce(reduceInteraction, IDLE);

test("a box that was drawn ends the drawing and asks for its class", () => {
  const drawn = after({ type: "toggle drawing" }, { type: "draw box", instance: box });
  assert.equal(drawn.isDrawing, false);
  assert.deepEqual(drawn.classOf, { instance: box, isNew: true });
});

test("where the Table takes no box, no class is asked for", () => {
  assert.equal(after({ type: "toggle drawing" }, { type: "draw box", instance: null }).classOf, null);
});

test("the class that was chosen last stays for the next box, on other samples too", () => {
  const chosen = after({ type: "ask class", instance: box }, { type: "choose class", label: 7 });
  assert.deepEqual([chosen.classOf, chosen.lastClass], [null, 7]);
  assert.equal(reduceInteraction(chosen, { type: "show sample" }).lastClass, 7);
});

test("a class that was asked for and not chosen changes nothing", () => {
  assert.deepEqual(after({ type: "ask class", instance: box }, { type: "close classes" }), IDLE);
});

test("another label or sample has no selected point, and nothing is drawn on it", () => {
  const busy = after({ type: "toggle drawing" }, { type: "select point", point: 3 }, { type: "hover", instance: box });
  const other = reduceInteraction(busy, { type: "select instance" });
  assert.deepEqual([other.point, other.isDrawing, other.hovered], [null, false, box]);
  assert.deepEqual(reduceInteraction(busy, { type: "show sample" }), IDLE);
});
