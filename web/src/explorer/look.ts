// How a person looks at the samples of a source; all of it stands in the address.
import { filtersParam, minConfidenceParam, sortParam } from "../address/list-params.ts";
import {
  choiceParam,
  flagParam,
  listParam,
  numberParam,
  type SetQuery,
  textParam,
  type Values,
} from "../address/query.ts";
import type { Tool } from "../charts/scatter/use-gestures.ts";
import { viewParam } from "../charts/scatter/view-param.ts";
import type { Column, SourceInfo, Sort } from "../wire.ts";

export const lookParams = {
  /** Filters. */
  f: filtersParam,
  sort: sortParam,
  as: choiceParam(["grid", "rows"] as const, "grid"),
  /** Width of a tile, pixels. */
  size: numberParam(150),
  least: minConfidenceParam,
  /** Columns in the caption of a tile; `-` for none. */
  caption: listParam(),
  /** Columns of the table. */
  columns: listParam(),
  x: textParam(),
  y: textParam(),
  z: textParam(),
  /** From where the scatter is looked at. */
  view: viewParam,
  colour: textParam(),
  /** What dragging in the scatter does; without a word it draws, in three dimensions it turns. */
  tool: choiceParam(["auto", "lasso", "box", "pan"] as const, "auto"),
  /** Histograms whose heights are logarithms. */
  log: listParam(),
  /** Whether the panes beside the images are there. */
  filters: flagParam(true),
  map: flagParam(true),
};

export type Look = Values<typeof lookParams>;
export type SetLook = SetQuery<typeof lookParams>;

export function toolOf({ tool }: Pick<Look, "tool">, isDeep: boolean): Tool {
  if (tool !== "auto") return tool;
  return isDeep ? "pan" : "lasso";
}

/** What a column is called where there is little room. */
export function shortTitle(name: string, info: SourceInfo): string {
  return info.columns.find((column) => column.name === name)?.title || name;
}

/** What says more of a sample comes first. */
export function byProminence(a: Column, b: Column): number {
  return b.prominence - a.prominence;
}

const NUMBERS = ["number", "bool", "category"];

/** Columns that say one thing about each sample: these can be sorted by, coloured by, captioned. */
export function plainColumns(info: SourceInfo): Column[] {
  return info.columns.filter(
    (column) =>
      !column.hidden &&
      !isElement(column, info) &&
      (NUMBERS.includes(column.role) || column.role === "text") &&
      !["example_id", "epoch", "input_table_id"].includes(column.name),
  );
}

/** Whether a column is one number of a map: it says nothing without the others. */
export function isElement({ name }: Column, info: SourceInfo): boolean {
  const map = /^(.+)\.\d+$/.exec(name)?.[1];
  return info.columns.some((column) => column.name === map && column.role === "coordinates");
}

/** Columns that a scatter can place samples by, elements of maps among them. */
export function axisColumns(info: SourceInfo): { name: string; group: string }[] {
  const maps = info.columns
    .filter(({ role }) => role === "coordinates")
    .flatMap(({ name, size }) =>
      Array.from({ length: size ?? 2 }, (_, at) => ({ name: `${name}.${at}`, group: "Maps of embeddings" })),
    );
  const numbers = plainColumns(info)
    .filter(({ role, minimum }) => role !== "text" && (role !== "number" || minimum !== null))
    .map(({ name, origin }) => ({ name, group: origin === "input" ? "Table" : "Metrics" }));
  return [...maps, ...numbers];
}

/** The axes that a look means; without a word a map, else the two columns that say the most. */
export function axesOf(info: SourceInfo, look: Pick<Look, "x" | "y" | "z">): string[] {
  const known = new Set(axisColumns(info).map(({ name }) => name));
  if (known.has(look.x) && known.has(look.y)) {
    return [look.x, look.y, ...(known.has(look.z) ? [look.z] : [])];
  }
  const map = info.columns.findLast(({ role }) => role === "coordinates");
  if (map) return Array.from({ length: Math.min(3, map.size ?? 2) }, (_, at) => `${map.name}.${at}`);
  return plainAxes(info);
}

/** A number that only names something. */
export function isName(column: string): boolean {
  return /(^|_)id$/.test(column);
}

/** The two columns that say the most, for where there is no map. */
export function plainAxes(info: SourceInfo): string[] {
  const numbers = plainColumns(info)
    .filter(({ role, minimum, maximum }) => role === "number" && maximum !== minimum)
    .sort((a, b) => Number(isName(a.name)) - Number(isName(b.name)) || byProminence(a, b));
  return numbers.slice(0, 2).map(({ name }) => name);
}

/** The column that colours the points; without a word what the samples are sorted by. */
export function colourOf(info: SourceInfo, look: Pick<Look, "colour">, sort: readonly Sort[]): string {
  if (look.colour !== "") return look.colour;
  const [by] = sort;
  return info.columns.some(({ name, role }) => name === by?.column && NUMBERS.includes(role))
    ? (by?.column ?? ONE_COLOUR)
    : ONE_COLOUR;
}

/** All points alike. */
export const ONE_COLOUR = "none";

/** What is written under an image without a word: what it is sorted by, then other metrics. */
export function captionOf(info: SourceInfo, look: Pick<Look, "caption">, sort: readonly Sort[]): string[] {
  const plain = plainColumns(info);
  const known = new Set(plain.map(({ name }) => name));
  if (look.caption.length) return look.caption.filter((name) => known.has(name));
  const predicted = plain.find(({ name, role }) => role === "category" && info.predictions.includes(name));
  const first = predicted ? [...info.truth, predicted.name, "confidence"] : sort.map(({ column }) => column);
  const more = plain.filter(({ origin, prominence, role }) => origin === "metric" && prominence > 0 && role !== "category");
  const names = [...first, ...more.sort(byProminence).map(({ name }) => name)];
  return [...new Set(names.filter((name) => known.has(name)))].slice(0, 3);
}

/** Columns of the table without a word: all that say one thing, metrics first. */
export function tableColumns(info: SourceInfo, look: Pick<Look, "columns">): Column[] {
  const plain = plainColumns(info);
  if (look.columns.length) {
    return look.columns.flatMap((name) => plain.find((column) => column.name === name) ?? []);
  }
  const order = ["metric", "input", "key"];
  const rank = ({ origin }: Column) => order.indexOf(origin);
  return plain
    .filter(({ name, nulls }) => name !== "split" && nulls < info.rows)
    .sort((a, b) => rank(a) - rank(b) || byProminence(a, b));
}
