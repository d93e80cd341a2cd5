// The unsaved edits of the Table that a list of samples is of.
import { useMemo } from "react";
import { tableOf, useSourceInfo } from "../data/source-info.ts";
import type { SourceInfo } from "../wire.ts";
import { useEdits } from "./use-edits.ts";
import { type EditMarks, editMarks, namesInTable, NO_EDIT_MARKS } from "./apply-edits.ts";

export function useEditMarks(info: SourceInfo): EditMarks {
  const table = tableOf(info);
  const tableInfo = useSourceInfo(table, { keep: true }).data;
  const edits = useEdits(table, tableInfo?.version ?? null)?.edits ?? null;
  const names = useMemo(() => namesInTable(info, tableInfo), [info, tableInfo]);
  return useMemo(() => (edits ? editMarks(edits, names) : NO_EDIT_MARKS), [edits, names]);
}
