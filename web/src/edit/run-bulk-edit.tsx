// Edits of the selected samples of a run: what changes is the Table that they are of.
import { Link } from "wouter";
import { tablePage } from "../address/pages.ts";
import { useQuery } from "../address/query.ts";
import type { Selection } from "../data/selection.ts";
import { filtersParam } from "../address/list-params.ts";
import { Button } from "../parts/button.tsx";
import { tableOf, useSourceInfo } from "../data/source-info.ts";
import { BulkEdit } from "./bulk-edit.tsx";
import { editedNow } from "./edits.ts";
import { useEdits } from "./use-edits.ts";

const params = { f: filtersParam };

export function RunBulkEdit({ selection }: { selection: Selection }) {
  const [, set] = useQuery(params);
  const seen = useSourceInfo(selection.source, { keep: true }).data;
  const table = tableOf(seen);
  const info = useSourceInfo(table, { keep: true }).data;
  const session = useEdits(table, info?.version ?? null);
  if (!session || !info || !table || !info.columns.some(({ writable }) => writable)) return null;
  const ids = [...editedNow(session.edits)];
  return (
    <>
      {ids.length > 0 && (
        <span>
          <Link href={tablePage(table.project, table.dataset, table.table)}>
            {ids.length} unsaved in {table.table}
          </Link>
          <Button variant="quiet" small title="Show exactly these samples" onClick={() => set({ f: [{ kind: "rows", example_ids: ids }] }, "push")}>
            Show
          </Button>
        </span>
      )}
      <BulkEdit selection={selection} info={info} seen={seen} session={session} />
    </>
  );
}
