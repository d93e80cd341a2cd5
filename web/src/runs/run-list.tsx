// The runs of a project in a table.
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/states.tsx";
import type { Run, RunRow } from "../wire.ts";
import { ColumnChooser } from "./column-chooser.tsx";
import { RunEditor } from "./run-editor.tsx";
import styles from "./run-list.module.css";
import { RunListToolbar } from "./run-list-toolbar.tsx";
import { RunTable } from "./run-table.tsx";
import { useRunList } from "./use-run-list.ts";

interface RunListProps {
  project: string;
  runs: RunRow[];
  onSaved: (run: Run) => void;
}

export function RunList({ project, runs, onSaved }: RunListProps) {
  const list = useRunList(project, runs);
  const [isChoosing, setChoosing] = useState(false);
  const [edited, setEdited] = useState<RunRow | null>(null);
  const { query, set } = list;
  return (
    <div className={styles.list}>
      <RunListToolbar list={list} count={runs.length} onColumns={() => setChoosing(true)} />
      {list.found ? (
        <RunTable
          groups={list.groups}
          fields={list.columnFields}
          sort={{ field: query.sort, isDescending: !query.ascending }}
          onSort={list.sortBy}
          selected={list.selected}
          onSelect={list.select}
          hidden={list.hidden}
          onHide={list.hide}
          onEdit={setEdited}
        />
      ) : (
        <EmptyState
          title="No matching run"
          actions={<Button onClick={() => set({ q: "", hidden: true })}>Show all runs</Button>}
        />
      )}
      <ColumnChooser
        open={isChoosing}
        onClose={() => setChoosing(false)}
        fields={list.fields}
        chosen={list.columns}
        onChange={list.setColumns}
        onReset={() => list.setColumns(null)}
      />
      <RunEditor run={edited} onClose={() => setEdited(null)} onSaved={onSaved} />
    </div>
  );
}
