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
  return parted(text).flatMap((part) => textToFilter(part) ?? []);
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
      return `${quote(filter.x)}*${quote(filter.y)}(${pointsToText(filter.points)})`;
    case "projected":
      return projectedToText(filter);
    case "all":
      return `(${filtersToText(filter.filters)})`;
    case "rows":
      return `rows(${idsToText(filter.example_ids)})`;
    case "confusion":
      return `confusion(${filter.truth ?? "*"}>${filter.predicted ?? "*"})`;
  }
}

function projectedToText({ x, y, z, across, up, points }: Filter & { kind: "projected" }): string {
  return `${[x, y, z].map(quote).join("*")}@${across} ${up}(${pointsToText(points)})`;
}

function pointsToText(points: readonly [number, number][]): string {
  return points.map((point) => point.join(",")).join(" ");
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
    /^([^*]+)\*([^*]+)\*([^*@]+)@([^(]*)\((.*)\)$/,
    ([x, y, z, factors, points]) => textToProjected([x, y, z].map((name) => unquote(name as string)), factors as string, points as string),
  ],
  [
    /^([^*]+)\*([^*(]+)\((.*)\)$/,
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

/** Deeper ones the server refuses. */
const MOST_NESTED = 100;

function textToFilter(text: string, depth = 0): Filter | null {
  if (depth > MOST_NESTED) return null;
  if (text.startsWith("!")) {
    const filter = textToFilter(text.slice(1), depth + 1);
    return filter && { kind: "not", filter };
  }
  if (text.startsWith("(") && text.endsWith(")")) return textToAll(text.slice(1, -1), depth + 1);
  for (const [form, make] of FORMS) {
    const found = form.exec(text);
    if (found) return make(found.slice(1));
  }
  return null;
}

/** A part that cannot be read would let more or fewer samples through: then there is none. */
function textToAll(text: string, depth: number): Filter | null {
  const filters = text === "" ? [] : parted(text).map((part) => textToFilter(part, depth));
  return filters.includes(null) ? null : { kind: "all", filters: filters as Filter[] };
}

/** Parts between the semicolons that stand in no parentheses. */
function parted(text: string): string[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")") depth--;
    if (text[at] !== ";" || depth > 0) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return [...parts, text.slice(from)];
}

function textToPolygon(x: string, y: string, text: string): Filter | null {
  const points = numbersIn<[number, number]>(text, 2);
  return points && points.length >= 3 ? { kind: "polygon", x, y, points } : null;
}

function textToProjected([x, y, z]: string[], factors: string, text: string): Filter | null {
  const points = numbersIn<[number, number]>(text, 2);
  const [across, up, more] = numbersIn<[number, number, number]>(factors, 3) ?? [];
  if (!x || !y || !z || !points || points.length < 3 || !across || !up || more) return null;
  return { kind: "projected", x, y, z, across, up, points };
}

/** `1,2 3,4`: groups of finite numbers, each of `size`. */
function numbersIn<T extends number[]>(text: string, size: number): T[] | null {
  const groups = text.split(" ").map((group) => group.split(","));
  const isSound = groups.every((group) => group.length === size && group.every(isNumber));
  return isSound ? groups.map((group) => group.map(Number) as T) : null;
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
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
