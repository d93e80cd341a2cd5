// The runs of a project: found, sorted, grouped, hidden, selected; all of it stands in the address.
import { Columns3, GitCompareArrows } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { flagParam, listParam, textParam, useQuery } from "../address/query.ts";
import { Button } from "../parts/button.tsx";
import { Input } from "../parts/input.tsx";
import { countWith } from "../parts/numbers.ts";
import { useLocalStorage } from "../parts/use-local-storage.ts";
import { Select } from "../parts/select.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import { EmptyState } from "../parts/states.tsx";
import { Switch } from "../parts/switch.tsx";
import type { Run, RunRow } from "../wire.ts";
import { groupRuns, sortRuns } from "./group-runs.ts";
import { ColumnChooser } from "./column-chooser.tsx";
import { type Field, fieldsOf, usualFields } from "./field.ts";
import { RunEditor } from "./run-editor.tsx";
import styles from "./run-list.module.css";
import { RunTable } from "./run-table.tsx";
import { matchesSearch, parseSearch } from "./search.ts";

const params = {
  q: textParam(),
  sort: textParam("created"),
  ascending: flagParam(),
  group: textParam(),
  hide: listParam(),
  hidden: flagParam(),
  pick: listParam(),
  runs: listParam(),
  /** Empty: those that this browser showed last. */
  columns: listParam(),
};

const NAME: Field = {
  id: "name",
  label: "Run",
  group: "Run",
  isNumber: false,
  value: (run) => run.name,
};

interface RunListProps {
  project: string;
  runs: RunRow[];
  onSaved: (run: Run) => void;
}

export function RunList({ project, runs, onSaved }: RunListProps) {
  const [query, set] = useQuery(params);
  const [remembered, remember] = useLocalStorage<string[] | null>(`columns.${project}`, null);
  const [isChoosing, setChoosing] = useState(false);
  const [edited, setEdited] = useState<RunRow | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const fields = useMemo(() => fieldsOf(runs), [runs]);
  const usual = useMemo(() => usualFields(fields, runs), [fields, runs]);
  const chosen = query.columns.length ? query.columns : (remembered ?? usual);
  const byId = (id: string) => (id === "name" ? NAME : fields.find((field) => field.id === id));
  const shownFields = chosen.flatMap((id) => (id === "name" ? [] : (byId(id) ?? [])));

  const hidden = useMemo(() => new Set(query.hide), [query.hide]);
  const selected = useMemo(() => new Set(query.pick), [query.pick]);
  const terms = useMemo(() => parseSearch(query.q), [query.q]);
  const shown = runs.filter(
    (run) => (query.hidden || !hidden.has(run.name)) && matchesSearch(run, terms, fields),
  );
  const order = byId(query.sort) ?? (fields[0] as Field);
  const groups = groupRuns(sortRuns(shown, order, !query.ascending), byId(query.group) ?? null);

  const select = (names: string[], isSelected: boolean) => {
    const rest = query.pick.filter((name) => !names.includes(name));
    set({ pick: isSelected ? [...rest, ...names] : rest });
  };
  const choose = (ids: string[] | null) => {
    remember(ids);
    set({ columns: ids ?? [] });
  };
  const compare = () => query.pick.length > 1 && set({ runs: query.pick }, "push");
  useShortcuts([
    { keys: "/", description: "Search runs", run: () => search.current?.focus() },
    { keys: "c", description: "Compare the selected runs", run: compare },
    { keys: "escape", description: "Select no run", run: () => set({ pick: [] }) },
  ]);
  return (
    <div className={styles.list}>
      <div className={styles.tools}>
        <Input
          ref={search}
          label="Search runs"
          hideLabel
          placeholder="Search: optimizer:AdamW mAP@0.50>0.5"
          title="Words in names, notes and tags; field:value, field>number, field<number; - excludes"
          type="search"
          className={styles.search}
          value={query.q}
          onChange={(q) => set({ q })}
        />
        <Select
          label="Group by"
          value={query.group}
          options={groupings(fields)}
          onChange={(group) => set({ group })}
        />
        <Button onClick={() => setChoosing(true)}>
          <Columns3 size={15} />
          Columns
        </Button>
        {hidden.size > 0 && (
          <Switch
            label={`Show ${countWith(hidden.size, "hidden run")}`}
            checked={query.hidden}
            onChange={(on) => set({ hidden: on })}
          />
        )}
        <span className={styles.space} />
        <span className={styles.count} role="status">
          {shown.length === runs.length
            ? countWith(runs.length, "run")
            : `${shown.length} of ${countWith(runs.length, "run")}`}
          {selected.size > 0 && `, ${selected.size} selected`}
        </span>
        <Button look="primary" disabled={selected.size < 2} onClick={compare}>
          <GitCompareArrows size={15} />
          Compare
        </Button>
      </div>
      {shown.length ? (
        <RunTable
          groups={groups}
          fields={shownFields}
          sort={{ field: query.sort, isDescending: !query.ascending }}
          onSort={(id) => set({ sort: id, ascending: query.sort === id && !query.ascending })}
          selected={selected}
          onSelect={select}
          hidden={hidden}
          onHide={(name, isHidden) =>
            set({ hide: isHidden ? [...hidden, name] : query.hide.filter((one) => one !== name) })
          }
          onEdit={setEdited}
        />
      ) : (
        <EmptyState
          title="No run is like that"
          actions={<Button onClick={() => set({ q: "", hidden: true })}>Show all runs</Button>}
        />
      )}
      <ColumnChooser
        open={isChoosing}
        onClose={() => setChoosing(false)}
        fields={fields}
        chosen={chosen}
        onChange={choose}
        onReset={() => choose(null)}
      />
      <RunEditor run={edited} onClose={() => setEdited(null)} onSaved={onSaved} />
    </div>
  );
}

function groupings(fields: Field[]) {
  const of = (group: Field["group"]) =>
    fields
      .filter((field) => field.group === group && !["created", "duration_s"].includes(field.id))
      .map((field) => ({ value: field.id, label: field.label, group }));
  return [{ value: "", label: "nothing" }, ...of("Run"), ...of("Hyperparameters")];
}
