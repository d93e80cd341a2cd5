// A filter in words.
import { shortNumber } from "../parts/numbers.ts";
import { categoryName, valueName } from "../data/value-text.ts";
import type { Column, Filter } from "../wire.ts";

/** One line, as short as a chip needs it. */
export function wordsOf(filter: Filter, columns: readonly Column[]): string {
  switch (filter.kind) {
    case "not":
      return `not ${wordsOf(filter.filter, columns)}`;
    case "range":
      return rangeWords(filter);
    case "one_of":
      return `${filter.column} is ${list(filter.values.map((value) => valueName(value, columnOf(columns, filter.column))))}`;
    case "text":
      return `${filter.column} contains “${filter.contains}”`;
    case "instances":
      return instancesWords(filter, columns);
    case "polygon":
      return `drawn around in ${mapName(filter.x, filter.y)}`;
    case "projected":
      return `drawn around in ${mapName(filter.x, filter.y, filter.z)}`;
    case "all":
      if (filter.filters.length === 0) return "any sample";
      return `all of (${filter.filters.map((one) => wordsOf(one, columns)).join(" and ")})`;
    case "rows":
      return filter.example_ids.length === 1
        ? `sample ${filter.example_ids[0]}`
        : `${filter.example_ids.length} selected samples`;
    case "confusion":
      return confusionWords(filter, columns);
  }
}

function rangeWords({ column, low, high }: Filter & { kind: "range" }): string {
  if (low != null && high != null) {
    return low === high
      ? `${column} = ${shortNumber(low)}`
      : `${column} ${shortNumber(low)} to ${shortNumber(high)}`;
  }
  if (low != null) return `${column} ≥ ${shortNumber(low)}`;
  return high != null ? `${column} ≤ ${shortNumber(high)}` : `${column} is known`;
}

function instancesWords(filter: Filter & { kind: "instances" }, columns: readonly Column[]): string {
  const column = columnOf(columns, filter.column);
  const property = column?.properties?.find(({ name }) => name === filter.property);
  const categories = property?.categories ?? column?.categories ?? null;
  const names = list(filter.values.map((value) => categoryName(value, categories)));
  const least = filter.confidence ? `, confidence ≥ ${shortNumber(filter.confidence)}` : "";
  const path = filter.property ? `${filter.column} ${filter.property.replaceAll("_", " ")}` : filter.column;
  return `${path} has ${names}${least}`;
}

function confusionWords(filter: Filter & { kind: "confusion" }, columns: readonly Column[]): string {
  const categories = columns.find(({ role, categories: own }) => role === "boxes" && own)?.categories ?? null;
  const name = (value: number | null | undefined) => (value == null ? null : categoryName(value, categories));
  const [truth, predicted] = [name(filter.truth), name(filter.predicted)];
  if (truth === null) return `${predicted} predicted where nothing is`;
  return predicted === null ? `${truth} missed` : `${truth} predicted as ${predicted}`;
}

/** `embedding_pacmap` of its elements, or both names. */
export function mapName(...axes: string[]): string {
  const maps = new Set(axes.map((axis) => axis.replace(/\.\d$/, "")));
  if (maps.size === 1) return [...maps][0] as string;
  return `${axes.slice(0, -1).join(", ")} and ${axes.at(-1)}`;
}

function columnOf(columns: readonly Column[], name: string): Column | undefined {
  return columns.find((column) => column.name === name);
}

function list(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} or ${names.length - 2} others`;
  return names.length < 2 ? (names[0] ?? "nothing") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
