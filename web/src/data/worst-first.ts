import type { Column, Sort } from "../wire.ts";

/** The order that shows the failures first; by `example_id` where nothing says what failed. */
export function worstFirst(columns: readonly Column[]): Sort[] {
  const has = (name: string) => columns.some((column) => column.name === name);
  for (const name of ["ap_50", "f1", "mean_iou", "mean_oks"]) {
    if (!has(name)) continue;
    const errors = ["false_negatives", "false_positives"].filter(has).map(down);
    return [up(name), ...errors];
  }
  if (has("correct") && has("confidence")) return [up("correct"), down("confidence")];
  return has("loss") ? [down("loss")] : [];
}

const up = (column: string): Sort => ({ column, descending: false });
const down = (column: string): Sort => ({ column, descending: true });
