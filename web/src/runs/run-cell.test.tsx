import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { render } from "@testing-library/react";
import type { RunRow } from "../wire.ts";
import type { Field } from "./field.ts";
import { RunCell } from "./run-cell.tsx";

test("a run that collected nothing does not read like one that did", () => {
  const status = { id: "status", value: () => "completed" } as unknown as Field;
  const told = (collection_failures: string | null) =>
    render(<RunCell run={{ status: "completed", collection_failures } as RunRow} field={status} />).container;
  const lost = told("collected nothing: OSError: no space");
  assert.equal(lost.textContent, "completed collected nothing");
  assert.equal(lost.querySelector("[title]")?.getAttribute("title"), "collected nothing: OSError: no space");
  assert.equal(told(null).textContent?.trim(), "completed");
});
