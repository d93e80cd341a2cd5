// What a comparison shows, in the address.
import { otherParams } from "../address/other-source.ts";
import { choiceParam, jsonParam, numberParam, textParam } from "../address/query.ts";
import { sourceParams } from "../address/source.ts";
import { SURE } from "../explorer/ways.ts";
import type { Show } from "./changes.ts";

/** Which of the two collections. */
export type Side = "before" | "after";

const SHOWS = ["", "worse", "better", "same", "all"] as const;
export const compareParams = {
  ...sourceParams,
  ...otherParams,
  metric: textParam(),
  /** Empty: what got worse, or all if nothing did. */
  show: choiceParam<Show | "">(SHOWS, ""),
  range: jsonParam<[number, number] | null>(null),
  matrix: choiceParam(["", "before", "after"], ""),
  cell: textParam(),
  cell_side: choiceParam<Side>(["before", "after"], "after"),
  confidence: numberParam(SURE),
};
