import type { SourceInfo } from "../wire.ts";

const COMPARABLE = new Set(["number", "bool"]);

/** Names of the metrics that can be compared: numbers, and right or wrong, of the run. */
export function metricColumns(info: SourceInfo): string[] {
  return info.columns
    .filter((column) => column.origin === "metric" && COMPARABLE.has(column.role) && !column.hidden)
    .map((column) => column.name);
}
