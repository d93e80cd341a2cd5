// Values of a list: `split=train,val`, `label=3,null`.
import { quote, unquote } from "./quoting.ts";
import type { FilterKind } from "./filter-kind.ts";
import { columnOf, listWords, valueName } from "./names.ts";
import { NUMBER, splitList } from "./numbers-form.ts";

type Value = string | number | boolean | null;

export const oneOf: FilterKind<"one_of"> = {
  kind: "one_of",
  form: /^([^=~]+)=(.*)$/s,
  parse: ([column = "", values = ""]) => ({
    kind: "one_of",
    column: unquote(column),
    values: splitList(values).map(textToValue),
  }),
  print: ({ column, values }) => `${quote(column)}=${values.map(valueToText).join(",")}`,
  slot: ({ column }) => column,
  describe: ({ column, values }, columns) =>
    `${column} is ${listWords(values.map((value) => valueName(value, columnOf(columns, column))))}`,
  columns: ({ column }) => [column],
  mask: ({ values: wanted }, { values }) => isOneOf(values[0] as ArrayLike<unknown>, wanted),
};

/** Of numbers, where NaN is missing and booleans are 0 and 1, or of texts. */
export function isOneOf(values: ArrayLike<unknown>, wanted: readonly Value[]): Uint8Array {
  const round = values instanceof Float32Array ? Math.fround : Number;
  const numbers = wanted.filter((value) => typeof value === "number" || typeof value === "boolean");
  const texts = wanted.filter((value) => typeof value === "string");
  const known = new Set<unknown>([...numbers.map((value) => round(Number(value))), ...texts]);
  const hasMissing = wanted.includes(null);
  const mask = new Uint8Array(values.length);
  for (let row = 0; row < mask.length; row++) {
    const value = values[row];
    const isMissing = value == null || Number.isNaN(value);
    mask[row] = (isMissing ? hasMissing : known.has(value)) ? 1 : 0;
  }
  return mask;
}

/** Numbers, booleans and null stand for themselves; text that looks like one of them is quoted. */
function valueToText(value: Value): string {
  if (typeof value !== "string") return String(value);
  const text = quote(value);
  return typeof textToValue(text) === "string" && !text.startsWith("'") && text !== "" ? text : `'${text}`;
}

function textToValue(text: string): Value {
  if (text.startsWith("'")) return unquote(text.slice(1));
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  return new RegExp(`^${NUMBER}$`).test(text) ? Number(text) : unquote(text);
}
