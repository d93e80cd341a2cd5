import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { fireEvent, render, screen } from "@testing-library/react";
import { LabelPicker } from "./label-picker.tsx";

const names = ["apple", "pear", "pineapple", "fish"];
const categories = names.map((name, id) => ({ id, name, color: null }));

function open() {
  const chosen: number[] = [];
  render(<LabelPicker title="Another class" categories={categories} current={3} onPick={(id) => chosen.push(id)} onClose={() => {}} />);
  return { chosen, input: screen.getByLabelText("Class") };
}

const options = () => screen.getAllByRole("option", { hidden: true }).map(({ textContent }) => textContent);

test("what is typed narrows the classes, those that begin with it first", () => {
  const { input } = open();
  assert.deepEqual(options(), ["apple", "pear", "pineapple", "fishnow"]);
  fireEvent.change(input, { target: { value: "apple" } });
  assert.deepEqual(options(), ["apple", "pineapple"]);
});

test("arrows and enter choose one without a mouse", () => {
  const { chosen, input } = open();
  fireEvent.change(input, { target: { value: "p" } });
  fireEvent.keyDown(input, { key: "ArrowDown" });
  fireEvent.keyDown(input, { key: "Enter" });
  assert.deepEqual(chosen, [2]);
});

test("enter chooses nothing where no class is called so", () => {
  const { chosen, input } = open();
  fireEvent.change(input, { target: { value: "zebra" } });
  fireEvent.keyDown(input, { key: "Enter" });
  assert.deepEqual(chosen, []);
  assert.ok(screen.getByText("No matching class."));
});
