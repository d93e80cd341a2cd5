// What the address says of a list of samples: which ones, in which order, drawn how.
import type { Filter, Sort } from "../wire.ts";
import { filtersToText, textToFilters } from "../filters/text-form.ts";
import { numberParam, type Param } from "./query.ts";
import { sortToText, textToSort } from "./sort.ts";

export const filtersParam: Param<Filter[]> = {
  read: textToFilters,
  write: (filters) => (filters.length ? filtersToText(filters) : null),
};

/** Null is the order that shows the failures first; an empty one is that of the table. */
export const sortParam: Param<Sort[] | null> = {
  read: (text) => (text === null ? null : textToSort(text)),
  write: (sort) => (sort === null ? null : sortToText(sort)),
};

/** Predictions below this confidence are not drawn. */
export const minConfidenceParam = numberParam(0.3);

/** Confidence from which a prediction counts as what the model says. */
export const CONFIDENT = 0.5;
