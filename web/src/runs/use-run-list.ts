// The runs of a project as the address says: found, sorted, grouped, hidden, selected.
import { useMemo } from "react";
import { flagParam, listParam, type SetQuery, textParam, useQuery, type Values } from "../address/query.ts";
import { useLocalStorage } from "../parts/use-local-storage.ts";
import type { RunRow } from "../wire.ts";
import { type Field, fieldsOf, usualFields } from "./field.ts";
import { groupRuns, type RunGroup, sortRuns } from "./group-runs.ts";
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

const NAME: Field = { id: "name", label: "Run", group: "Run", isNumber: false, better: null, value: (run) => run.name };

export interface RunListState {
  query: Values<typeof params>;
  set: SetQuery<typeof params>;
  fields: Field[];
  /** Ids of the fields that are columns, and these fields. */
  columns: readonly string[];
  columnFields: Field[];
  /** Null is the usual ones again. */
  setColumns: (ids: string[] | null) => void;
  groups: RunGroup[];
  /** How many runs the search finds. */
  found: number;
  hidden: ReadonlySet<string>;
  hide: (name: string, isHidden: boolean) => void;
  selected: ReadonlySet<string>;
  select: (names: string[], isSelected: boolean) => void;
  sortBy: (id: string) => void;
  /** Opens the comparison of the selected runs. */
  compare: () => void;
}

export function useRunList(project: string, runs: RunRow[]): RunListState {
  const [query, set] = useQuery(params);
  const [remembered, remember] = useLocalStorage<string[] | null>(`columns.${project}`, null);
  const fields = useMemo(() => fieldsOf(runs), [runs]);
  const usual = useMemo(() => usualFields(fields, runs), [fields, runs]);
  const hidden = useMemo(() => new Set(query.hide), [query.hide]);
  const selected = useMemo(() => new Set(query.pick), [query.pick]);
  const terms = useMemo(() => parseSearch(query.q), [query.q]);
  const found = runs.filter((run) => (query.hidden || !hidden.has(run.name)) && matchesSearch(run, terms, fields));
  const fieldOf = (id: string) => (id === "name" ? NAME : fields.find((field) => field.id === id));
  const order = fieldOf(query.sort) ?? (fields[0] as Field);
  const columns = query.columns.length ? query.columns : (remembered ?? usual);
  const removeNames = (names: readonly string[], gone: readonly string[]) => names.filter((name) => !gone.includes(name));
  return {
    ...{ query, set, fields, columns, hidden, selected },
    columnFields: columns.flatMap((id) => (id === "name" ? [] : (fieldOf(id) ?? []))),
    setColumns: (ids) => {
      remember(ids);
      set({ columns: ids ?? [] });
    },
    groups: groupRuns(sortRuns(found, order, !query.ascending), fieldOf(query.group) ?? null),
    found: found.length,
    hide: (name, isHidden) => set({ hide: isHidden ? [...hidden, name] : removeNames(query.hide, [name]) }),
    select: (names, isSelected) => {
      const others = removeNames(query.pick, names);
      set({ pick: isSelected ? [...others, ...names] : others });
    },
    sortBy: (id) => set({ sort: id, ascending: query.sort === id && !query.ascending }),
    compare: () => {
      if (query.pick.length > 1) set({ runs: query.pick }, "push");
    },
  };
}
