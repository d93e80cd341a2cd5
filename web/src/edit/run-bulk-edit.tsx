// Edits of the selected samples of a run: what changes is the Table that they are of.
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import type { Selection } from "../explorer/explorer.tsx";
import { tableOf, useInfo } from "../sample/use-sample.ts";
import { BulkEdit } from "./bulk-edit.tsx";
import { editedNow } from "./edits.ts";
import { useEdits } from "./use-edits.ts";

export function RunBulkEdit({ selection }: { selection: Selection }) {
  const seen = useInfo(selection.source).data;
  const table = tableOf(seen);
  const info = useInfo(table).data;
  const desk = useEdits(table, info?.version ?? null);
  if (!desk || !info || !table || !info.columns.some(({ writable }) => writable)) return null;
  const count = editedNow(desk.edits).size;
  return (
    <>
      {count > 0 && (
        <Link href={tablePage(table.project, table.dataset, table.table)}>
          {count} unsaved in {table.table}
        </Link>
      )}
      <BulkEdit selection={selection} info={info} seen={seen} desk={desk} />
    </>
  );
}
