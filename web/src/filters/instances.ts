// Samples with an instance of a kind: `bbs_predicted[error_kind]=1,5@0.5`.
import { quote, unquote } from "./quoting.ts";
import { shortNumber } from "../parts/numbers.ts";
import type { Column } from "../wire.ts";
import type { FilterKind, OfKind } from "./filter-kind.ts";
import { columnOf, instanceValueName, listWords } from "./names.ts";
import { isNumber, textToClassIds } from "./numbers-form.ts";

export const instances: FilterKind<"instances"> = {
  kind: "instances",
  form: /^([^[\]]+)\[([^\]]*)\]=([^@]*)(?:@(.+))?$/s,
  parse: ([column = "", property = "", ids = "", least]) => {
    const values = textToClassIds(ids);
    if (values === null || (least && !isNumber(least))) return null;
    const confidence = least ? Number(least) : null;
    return { kind: "instances", column: unquote(column), property: unquote(property), values, confidence };
  },
  print: ({ column, property, values, confidence }) => {
    const least = confidence == null ? "" : `@${confidence}`;
    return `${quote(column)}[${quote(property)}]=${values.map((value) => value ?? "null").join(",")}${least}`;
  },
  joinKey: ({ column }) => column,
  slot: ({ column, property }) => `${column}[${property}]`,
  describe,
};

function describe(filter: OfKind<"instances">, columns: readonly Column[]): string {
  const column = columnOf(columns, filter.column);
  const property = column?.properties?.find(({ name }) => name === filter.property);
  const categories = property?.categories ?? column?.categories ?? null;
  const names = listWords(filter.values.map((value) => instanceValueName(filter.property, value, categories)));
  const least = filter.confidence ? `, confidence ≥ ${shortNumber(filter.confidence)}` : "";
  const path = filter.property ? `${filter.column} ${filter.property.replaceAll("_", " ")}` : filter.column;
  return `${path} has ${names}${least}`;
}
