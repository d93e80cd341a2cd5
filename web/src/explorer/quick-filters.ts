// Ways to look at the samples of a source, made of the columns that it has: one click each.
import { CONFIDENT } from "../address/list-params.ts";
import { worstFirst } from "../data/worst-first.ts";
import type { Column, Filter, Sort } from "../wire.ts";

export interface QuickFilter {
  name: string;
  /** What one sees then, and why it matters. */
  why: string;
  filters: Filter[];
  sort: Sort[];
}

const VERY_SURE = 0.8;

export function quickFilters(columns: readonly Column[], rows: number): QuickFilter[] {
  const has = (name: string) => columns.find((column) => column.name === name);
  const worst = worstFirst(columns);
  return [
    ...ofInstances(columns, worst),
    ...ofLabels(has),
    ...(has("loss") ? [{ name: "Highest loss", why: "The samples that training finds hardest, wrong labels among them.", filters: [], sort: [down("loss")] }] : []),
    ...ofUnreadable(columns, rows),
  ];
}

function ofInstances(columns: readonly Column[], worst: Sort[]): QuickFilter[] {
  const truth = columns.find(({ name }) => name === "ground_truth_kind");
  const missed = codeOf(truth, "missed");
  const predicted = columns.find((column) => propertyOf(column, "error_kind"));
  const kinds = predicted && propertyOf(predicted, "error_kind");
  const wrong = (names: string[], confidence: number): Filter[] => {
    const values = names.flatMap((name) => codeOf(kinds, name) ?? []);
    if (!predicted || values.length === 0) return [];
    return [{ kind: "instances", column: predicted.name, property: "error_kind", values, confidence }];
  };
  const miss: Filter[] =
    truth && missed !== undefined
      ? [{ kind: "instances", column: truth.name, property: "", values: [missed], confidence: null }]
      : [];
  const has = (name: string) => columns.some((column) => column.name === name);
  const most = (name: string) => (has(name) ? [down(name), ...worst.filter((by) => by.column !== name)] : worst);
  const disputes = wrong(["class", "localisation", "both", "background"], CONFIDENT);
  const all: QuickFilter[] = [
    {
      name: "Labels the model disputes",
      why: `Labels that no prediction finds, where the model is sure of something else: wrong classes and shifted boxes show up here.`,
      filters: miss.length && disputes.length ? [...disputes, ...miss] : [],
      sort: worst,
    },
    {
      name: "Missed objects",
      why: "Labels that no prediction finds; an object that is not in the image may be one of them.",
      filters: miss,
      sort: most("false_negatives"),
    },
    {
      name: "Background false positives",
      why: "Confident predictions where no label is: what the model makes up, or a label that is missing.",
      filters: wrong(["background"], CONFIDENT),
      sort: most("false_positives"),
    },
    {
      name: "Wrong class",
      why: "Confident predictions on an object of another class.",
      filters: wrong(["class", "both"], CONFIDENT),
      sort: worst,
    },
    {
      name: "Confident and wrong",
      why: `Any wrong prediction with a confidence of ${VERY_SURE} or more.`,
      filters: wrong(["class", "localisation", "both", "background"], VERY_SURE),
      sort: worst,
    },
  ];
  return all.filter(({ filters }) => filters.length > 0);
}

function ofLabels(has: (name: string) => Column | undefined): QuickFilter[] {
  if (!has("correct")) return [];
  const wrong: Filter = { kind: "one_of", column: "correct", values: [false] };
  const sure = has("confidence");
  const all: QuickFilter[] = [
    { name: "Wrong", why: "Samples whose predicted label is not the true one.", filters: [wrong], sort: sure ? [down("confidence")] : [] },
  ];
  if (!sure) return all;
  const confident: Filter = { kind: "range", column: "confidence", low: VERY_SURE, high: null };
  return [
    {
      name: "Labels the model disputes",
      why: "The model is sure of another label: many of these labels are wrong.",
      filters: [wrong, confident],
      sort: [down("confidence")],
    },
    ...all,
    { name: "Unsure", why: "The least confident predictions.", filters: [], sort: [up("confidence")] },
  ];
}

function ofUnreadable(columns: readonly Column[], rows: number): QuickFilter[] {
  const error = columns.find(({ name }) => name === "collection_error");
  if (!error || error.nulls >= rows) return [];
  const broken: Filter = { kind: "not", filter: { kind: "one_of", column: error.name, values: [null] } };
  return [{ name: "Not readable", why: "Images that could not be read.", filters: [broken], sort: [] }];
}

function propertyOf(column: Column, name: string): Column | undefined {
  return column.properties?.find((property) => property.name === name);
}

function codeOf(column: Column | undefined, name: string): number | undefined {
  return column?.categories?.find((category) => category.name === name)?.id;
}

const up = (column: string): Sort => ({ column, descending: false });
const down = (column: string): Sort => ({ column, descending: true });
