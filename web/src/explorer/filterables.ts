// What of a source can be filtered by, and what of it is open without a word.
import { binsOf } from "../data/bins.ts";
import { slotOf } from "../filters/slots.ts";
import { isElement, isName } from "./look.ts";
import type { Category, Column, SourceInfo } from "../wire.ts";

export interface Filterable {
  slot: string;
  title: string;
  group: string;
  column: Column;
  /** Property of instances; empty for all other columns. */
  property: string;
  /** Values of instances; null for columns with one value per sample. */
  categories: readonly Category[] | null;
}

const GROUPS = { metric: "Metrics", input: "Table", key: "Table" };
const KEYS = ["example_id", "input_table_id", "epoch", "split"];
const KINDS = ["error_kind", "ground_truth_kind"];
const OPEN = 3;

export function filterables(info: SourceInfo): Filterable[] {
  const shown = info.columns.filter(
    (column) => !column.hidden && !KEYS.includes(column.name) && !isElement(column, info),
  );
  const instances = shown.flatMap(ofInstances);
  const plain = shown.flatMap((column) => ofPlain(column, info.rows));
  const rank = ({ column, property }: Filterable) => {
    const at = KINDS.indexOf(property || column.name);
    return (column.origin === "metric" ? 0 : 1000) - (at < 0 ? column.prominence : 100 - at);
  };
  return [...plain.filter(isMetric), ...instances, ...plain.filter((one) => !isMetric(one))].sort(
    (a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group) || rank(a) - rank(b),
  );
}

/** Slots that are open at first: the columns that say the most about failures. */
export function openAtFirst(info: SourceInfo): string[] {
  const all = filterables(info);
  const plain = all.filter(({ categories, column }) => !categories && binsOf(column) !== null && isTelling(column));
  const kinds = all.filter(({ property, column }) => property === "error_kind" || column.name === "ground_truth_kind");
  const labels = all.filter(({ property }) => property === "label");
  const first = [...plain.slice(0, OPEN), ...kinds.slice(0, 1), ...(kinds.length ? [] : labels.slice(0, 1))];
  return first.map(({ slot }) => slot);
}

const GROUP_ORDER = ["Objects", "Metrics", "Table"];

function isMetric({ column }: Filterable): boolean {
  return column.origin === "metric";
}

/** A column of one value tells nothing. */
function isTelling(column: Column): boolean {
  return column.role !== "number" || (column.minimum !== column.maximum && !isName(column.name));
}

function ofPlain(column: Column, rows: number): Filterable[] {
  const isEmpty = column.nulls >= rows && rows > 0;
  const canFilter = binsOf(column) !== null || column.role === "text" || column.role === "image";
  if (!canFilter || isEmpty) return [];
  return [
    {
      slot: column.name,
      title: column.name,
      group: GROUPS[column.origin],
      column,
      property: "",
      categories: null,
    },
  ];
}

function ofInstances(column: Column): Filterable[] {
  const make = (property: string, categories: readonly Category[]): Filterable => ({
    slot: slotOf({ kind: "instances", column: column.name, property, values: [] }),
    title: property ? `${column.name} ${property.replaceAll("_", " ")}` : column.name,
    group: "Objects",
    column,
    property,
    categories,
  });
  if (column.role === "list") return column.categories?.length ? [make("", column.categories)] : [];
  return (column.properties ?? []).flatMap((property) => {
    const categories = property.categories ?? (property.name === "label" ? column.categories : null);
    return categories?.length ? [make(property.name, categories)] : [];
  });
}
