// Samples in a cell of the confusion matrix: `confusion(3>*)@0.5`, where `*` is the background.
import { shortNumber } from "../parts/numbers.ts";
import type { Category, Column } from "../wire.ts";
import type { FilterKind, OfKind } from "./filter-kind.ts";
import { categoryName } from "./names.ts";
import { NUMBER } from "./numbers-form.ts";

export const confusion: FilterKind<"confusion"> = {
  kind: "confusion",
  form: new RegExp(`^confusion\\((-?\\d+|\\*)>(-?\\d+|\\*)\\)(?:@(${NUMBER}))?$`),
  parse: ([truth = "*", predicted = "*", least]) => ({
    kind: "confusion",
    truth: textToClass(truth),
    predicted: textToClass(predicted),
    confidence: least ? Number(least) : 0,
  }),
  print: ({ truth, predicted, confidence }) =>
    `confusion(${truth ?? "*"}>${predicted ?? "*"})${confidence ? `@${confidence}` : ""}`,
  slot: () => "confusion",
  describe: (filter, columns) => {
    const least = filter.confidence ? `, confidence ≥ ${shortNumber(filter.confidence)}` : "";
    return cellWords(filter, categoriesOf(columns)) + least;
  },
};

function textToClass(text: string): number | null {
  return text === "*" ? null : Number(text);
}

function cellWords(filter: OfKind<"confusion">, categories: readonly Category[] | null): string {
  const name = (value: number | null | undefined) => (value == null ? null : categoryName(value, categories));
  const [truth, predicted] = [name(filter.truth), name(filter.predicted)];
  if (truth === null) return `${predicted ?? "nothing"} predicted where nothing is`;
  return predicted === null ? `${truth} missed` : `${truth} predicted as ${predicted}`;
}

/** Of boxes, else of classes, as the server pairs them. */
function categoriesOf(columns: readonly Column[]): readonly Category[] | null {
  const ofRole = (wanted: string) => columns.find(({ role, categories }) => role === wanted && categories);
  return (ofRole("boxes") ?? ofRole("category"))?.categories ?? null;
}
