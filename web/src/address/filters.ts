// Filters as text in an address: `f1:0.2..0.5;split=train,val;bbs_predicted[error_kind]=1,5@0.5`.
import type { Filter, Sort } from "../wire.ts";

type Value = string | number | boolean | null;

/** Filters as readable text; `textToFilters` makes the same filters of it. */
export function filtersToText(filters: readonly Filter[]): string {
  return filters.map(filterToText).join(";");
}

/** The filters of a text. What cannot be read is left out, as an address may be typed by hand. */
export function textToFilters(text: string | null): Filter[] {
  if (!text) return [];
  return text.split(";").flatMap((part) => textToFilter(part) ?? []);
}

/** `f1` and `-f1` (descending), separated by commas. */
export function sortToText(sort: readonly Sort[]): string {
  return sort.map((by) => (by.descending ? "-" : "") + quote(by.column)).join(",");
}

export function textToSort(text: string | null): Sort[] {
  if (!text) return [];
  return text.split(",").map((part) => {
    const descending = part.startsWith("-");
    return { column: unquote(descending ? part.slice(1) : part), descending };
  });
}

function filterToText(filter: Filter): string {
  switch (filter.kind) {
    case "not":
      return `!${filterToText(filter.filter)}`;
    case "range":
      return `${quote(filter.column)}:${filter.low ?? ""}..${filter.high ?? ""}`;
    case "one_of":
      return `${quote(filter.column)}=${filter.values.map(valueToText).join(",")}`;
    case "text":
      return `${quote(filter.column)}~${quote(filter.contains)}`;
    case "instances":
      return instancesToText(filter);
    case "polygon":
      return `${quote(filter.x)}*${quote(filter.y)}(${filter.points.map((p) => p.join(",")).join(" ")})`;
    case "rows":
      return `rows(${idsToText(filter.example_ids)})`;
    case "confusion":
      return `confusion(${filter.truth ?? "*"}>${filter.predicted ?? "*"})`;
  }
}

function instancesToText(filter: Filter & { kind: "instances" }): string {
  const least = filter.confidence == null ? "" : `@${filter.confidence}`;
  const values = filter.values.map((value) => value ?? "null").join(",");
  return `${quote(filter.column)}[${quote(filter.property)}]=${values}${least}`;
}

const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const FORMS: [RegExp, (parts: string[]) => Filter | null][] = [
  [/^rows\((.*)\)$/, ([ids]) => ({ kind: "rows", example_ids: textToIds(ids as string) })],
  [
    /^confusion\((\d+|\*)>(\d+|\*)\)$/,
    ([truth, predicted]) => ({
      kind: "confusion",
      truth: truth === "*" ? null : Number(truth),
      predicted: predicted === "*" ? null : Number(predicted),
    }),
  ],
  [
    /^([^*]+)\*([^(]+)\((.*)\)$/,
    ([x, y, points]) => textToPolygon(unquote(x as string), unquote(y as string), points as string),
  ],
  [
    /^([^[\]]+)\[([^\]]*)\]=([^@]*)(?:@(.+))?$/,
    ([column, property, values, least]) => ({
      kind: "instances",
      column: unquote(column as string),
      property: unquote(property as string),
      values: split(values as string).map((value) => (value === "null" ? null : Number(value))),
      confidence: least ? Number(least) : null,
    }),
  ],
  [
    new RegExp(`^([^:]+):(${NUMBER})?\\.\\.(${NUMBER})?$`),
    ([column, low, high]) => ({
      kind: "range",
      column: unquote(column as string),
      low: low ? Number(low) : null,
      high: high ? Number(high) : null,
    }),
  ],
  [
    /^([^=~]+)=(.*)$/,
    ([column, values]) => ({
      kind: "one_of",
      column: unquote(column as string),
      values: split(values as string).map(textToValue),
    }),
  ],
  [
    /^([^=~]+)~(.*)$/,
    ([column, contains]) => ({
      kind: "text",
      column: unquote(column as string),
      contains: unquote(contains as string),
    }),
  ],
];

function textToFilter(text: string): Filter | null {
  if (text.startsWith("!")) {
    const filter = textToFilter(text.slice(1));
    return filter && { kind: "not", filter };
  }
  for (const [form, make] of FORMS) {
    const found = form.exec(text);
    if (found) return make(found.slice(1));
  }
  return null;
}

function textToPolygon(x: string, y: string, text: string): Filter | null {
  const points = text
    .split(" ")
    .map((point) => point.split(",").map(Number) as [number, number]);
  const isSound = points.length >= 3 && points.every((p) => p.length === 2 && p.every(Number.isFinite));
  return isSound ? { kind: "polygon", x, y, points } : null;
}

/** `1-4,9`: runs of following ids are written as their ends. */
export function idsToText(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const id of sorted) {
    const last = runs.at(-1);
    if (last && id === last[1] + 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

export function textToIds(text: string): number[] {
  return split(text).flatMap((run) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(run) ?? [];
    const count = Number(last) - Number(first) + 1;
    return count > 0 && count <= 1e6
      ? Array.from({ length: count }, (_, step) => Number(first) + step)
      : [];
  });
}

/** Numbers, booleans and null stand for themselves; text that looks like one of them is quoted. */
function valueToText(value: Value): string {
  if (typeof value !== "string") return String(value);
  const text = quote(value);
  return typeof textToValue(text) === "string" && !text.startsWith("'") && text !== ""
    ? text
    : `'${text}`;
}

function textToValue(text: string): Value {
  if (text.startsWith("'")) return unquote(text.slice(1));
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  return new RegExp(`^${NUMBER}$`).test(text) ? Number(text) : unquote(text);
}

function split(text: string): string[] {
  return text === "" ? [] : text.split(",");
}

/** Letters that mean something here, as `%` and their code. */
function quote(text: string): string {
  return text.replace(/[%;:=~[\]@,!()*> \t\r\n]|^-/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function unquote(text: string): string {
  return text.replace(/%([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
