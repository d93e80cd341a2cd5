import type { RunRow } from "../wire.ts";

/** Python that opens a run and reads what the page shows. */
export function runCode(row: Pick<RunRow, "name" | "project">): string {
  return [
    "import samplewise as sw",
    "",
    `run = sw.Run.from_names(${python(row.name)}, ${python(row.project)})`,
    "run.history.to_pandas()",
    "",
  ].join("\n");
}

/** A text as Python writes it. */
export function python(text: string): string {
  return JSON.stringify(text);
}
