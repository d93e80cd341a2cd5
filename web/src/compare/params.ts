// What a comparison shows, in the address.
import { otherParams } from "../address/other-source.ts";
import { choiceParam, jsonParam, numberParam, textParam } from "../address/query.ts";
import { sourceParams } from "../address/source.ts";
import { CONFIDENT } from "../address/list-params.ts";
import type { Show, Side } from "./changes.ts";

const SHOWS = ["", "worse", "better", "changed", "same", "all"] as const;
/** What is compared, by which metric, and whether only samples whose labels changed. */
export const pairParams = {
  ...sourceParams,
  ...otherParams,
  metric: textParam(),
  labels: choiceParam(["", "changed"], ""),
};

export const compareParams = {
  ...pairParams,
  /** Empty: what got worse, or all if nothing did. */
  show: choiceParam<Show | "">(SHOWS, ""),
  range: jsonParam<[number, number] | null>(null),
  matrix: choiceParam(["", "before", "after"], ""),
  cell: textParam(),
  cell_side: choiceParam<Side>(["before", "after"], "after"),
  confidence: numberParam(CONFIDENT),
};
