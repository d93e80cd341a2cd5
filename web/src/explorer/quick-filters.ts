// Ways to look at the samples of a source, made of the columns that it has: one click each.
import { CONFIDENT } from "../address/list-params.ts";
import type { Column, Filter, SourceInfo, Sort } from "../wire.ts";

export interface QuickFilter {
  name: string;
  /** What one sees then, and why it matters. */
  why: string;
  filters: Filter[];
  sort: Sort[];
}

const VERY_SURE = 0.8;

export function quickFilters({ columns, rows, main_metric, worst_first }: SourceInfo): QuickFilter[] {
  const has = (name: string) => columns.find((column) => column.name === name);
  return [
    ...ofInstances(columns, worst_first),
    ...ofLabels(has),
    ...ofMetrics(columns, main_metric),
    ...ofUnreadable(columns, rows),
  ];
}

/** The worst end of the most prominent measurements beside the main one; counts have quick filters of their own. */
function ofMetrics(columns: readonly Column[], main: string | null): QuickFilter[] {
  const measured = columns.filter(
    ({ name, role, kind, origin, better }) =>
      origin === "metric" && role === "number" && kind === "float" && better === "lower" && name !== main,
  );
  return measured
    .sort((a, b) => b.prominence - a.prominence)
    .slice(0, MOST_METRICS)
    .map(({ name, title, description }) => ({
      name: `Highest ${title || name}`,
      why: description || `The samples with the highest ${name}, of which less is better.`,
      filters: [],
      sort: [down(name)],
    }));
}

const MOST_METRICS = 2;

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
  const most = (name: string) => {
    const by = worst.find(({ column }) => column === name);
    return by ? [by, ...worst.filter((one) => one !== by)] : worst;
  };
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
