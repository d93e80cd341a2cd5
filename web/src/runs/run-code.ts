import { pythonText } from "../data/python-text.ts";
import type { RunRow } from "../wire.ts";

/** Python that opens a run and reads what the page shows. */
export function runCode(row: Pick<RunRow, "name" | "project">): string {
  return [
    "import samplewise as sw",
    "",
    `run = sw.Run.from_names(${pythonText(row.name)}, ${pythonText(row.project)})`,
    "run.history.to_pandas()",
    "",
  ].join("\n");
}
