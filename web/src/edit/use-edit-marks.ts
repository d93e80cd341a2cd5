// The unsaved edits of the Table that a list of samples is of.
import { useMemo } from "react";
import { tableOf, useSourceInfo } from "../data/source-info.ts";
import type { SourceInfo } from "../wire.ts";
import { useEdits } from "./use-edits.ts";
import { type Marks, marksOf, namesInTable, NO_MARKS } from "./apply-edits.ts";

export function useMarks(info: SourceInfo): Marks {
  const table = tableOf(info);
  const tableInfo = useSourceInfo(table, { keep: true }).data;
  const desk = useEdits(table, tableInfo?.version ?? null);
  const names = useMemo(() => namesInTable(info, tableInfo), [info, tableInfo]);
  return useMemo(() => (desk ? marksOf(desk.edits, names) : NO_MARKS), [desk?.edits, names]);
}
