// What the regressions show, in the address: the two collections as a comparison has them.
import { choiceParam, jsonParam, numberParam } from "../address/query.ts";
import { viewParam } from "../charts/scatter/view-param.ts";
import { pairParams } from "../compare/params.ts";
import type { Point } from "../parts/polygon.ts";
import type { Outcome } from "./learning.ts";
import { OUTCOMES } from "./outcomes.ts";

export const historyParams = {
  ...pairParams,
  ask: choiceParam<Outcome>(
    OUTCOMES.map((one) => one.outcome),
    "regressed",
  ),
  threshold: numberParam(0.5),
  view: viewParam,
  shape: jsonParam<Point[] | null>(null),
};
