// What the regressions show, in the address: the two collections as a comparison has them.
import { choiceParam, jsonParam, numberParam } from "../address/query.ts";
import { viewParam } from "../charts/scatter/view-param.ts";
import { pairParams } from "../compare/params.ts";
import type { Point } from "../data/polygon.ts";
import type { Question } from "./learning.ts";
import { QUESTIONS } from "./outcomes.ts";

export const historyParams = {
  ...pairParams,
  ask: choiceParam<Question>(
    QUESTIONS.map((one) => one.question),
    "regressed",
  ),
  threshold: numberParam(0.5),
  view: viewParam,
  shape: jsonParam<Point[] | null>(null),
};
