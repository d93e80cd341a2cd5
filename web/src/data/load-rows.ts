import { rows } from "../api.ts";
import type { RowsRequest, Source } from "../wire.ts";
import type { Row } from "./pages.ts";

/** Rows of a source, and how many there are in all. */
export async function loadRows(request: RowsRequest, signal?: AbortSignal): Promise<{ rows: Row[]; total: number }> {
  const table = await rows("/api/rows", request, signal);
  const total = Number(table.schema.metadata?.get("samplewise.total") ?? table.numRows);
  return { rows: table.toArray() as Row[], total };
}

/** Some samples of a source, by their `example_id`; all columns where none are named. */
export async function loadRowsById(
  source: Source,
  ids: readonly number[],
  signal: AbortSignal,
  columns: readonly string[] | null = null,
): Promise<Map<number, Row>> {
  const filters = [{ kind: "rows" as const, example_ids: [...ids] }];
  const request = { source, filters, limit: ids.length, columns: columns && ["example_id", ...columns] };
  const { rows: found } = await loadRows(request, signal);
  return new Map(found.map((row) => [Number(row.example_id), row]));
}
