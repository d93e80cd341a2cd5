import assert from "node:assert/strict";
import { test } from "node:test";
import { remainingEdits } from "./remaining-edits.ts";

const changed = { base_example_id: 1, other_example_id: 0, columns: ["weight"] };
const gone = { base_example_id: 2, other_example_id: null, columns: [] };
const edit = (example_id: number) => ({ example_id, column: "weight", value: 0 });
const made = { edits: [edit(1), edit(2), edit(3)], delete: [4] };

test("theirs drops the edits of samples that changed, mine keeps them", () => {
  assert.deepEqual(remainingEdits(made, [changed, gone], "theirs"), { edits: [edit(3)], delete: [4] });
  assert.deepEqual(remainingEdits(made, [changed, gone], "mine"), { edits: [edit(1), edit(3)], delete: [4] });
});

test("nothing may be left of the edits, whoever counts", () => {
  assert.deepEqual(remainingEdits({ edits: [edit(1)], delete: [] }, [changed], "theirs"), { edits: [], delete: [] });
  assert.deepEqual(remainingEdits({ edits: [], delete: [2] }, [gone], "mine"), { edits: [], delete: [] });
});
