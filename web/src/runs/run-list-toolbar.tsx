// Above the runs: the search, their groups and columns, and the comparison of those that are selected.
import { Columns3, GitCompareArrows } from "lucide-react";
import { useRef } from "react";
import { Button } from "../parts/button.tsx";
import { Input } from "../parts/input.tsx";
import { countWith } from "../parts/numbers.ts";
import { Select } from "../parts/select.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import { Switch } from "../parts/switch.tsx";
import type { Field } from "./field.ts";
import styles from "./run-list.module.css";
import type { RunListState } from "./use-run-list.ts";

interface RunListToolbarProps {
  list: RunListState;
  /** How many runs there are in all. */
  count: number;
  onColumns: () => void;
}

export function RunListToolbar({ list, count, onColumns }: RunListToolbarProps) {
  const { query, set, fields, hidden, selected, found, compare } = list;
  const search = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "/", description: "Search runs", run: () => search.current?.focus() },
    { keys: "c", description: "Compare the selected runs", run: compare },
    { keys: "escape", description: "Select no run", run: () => set({ pick: [] }) },
  ]);
  return (
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
      <Select label="Group by" value={query.group} options={groupOptions(fields)} onChange={(group) => set({ group })} />
      <Button onClick={onColumns}>
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
        {found === count ? countWith(count, "run") : `${found} of ${countWith(count, "run")}`}
        {selected.size > 0 && `, ${selected.size} selected`}
      </span>
      <Button variant="primary" disabled={selected.size < 2} onClick={compare}>
        <GitCompareArrows size={15} />
        Compare
      </Button>
    </div>
  );
}

function groupOptions(fields: Field[]) {
  const of = (group: Field["group"]) =>
    fields
      .filter((field) => field.group === group && !["created", "duration_s"].includes(field.id))
      .map((field) => ({ value: field.id, label: field.label, group }));
  return [{ value: "", label: "None" }, ...of("Run"), ...of("Hyperparameters")];
}
