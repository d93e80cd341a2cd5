// What the address says of a sample's page alone.
import { choiceParam, flagParam, listParam, type Param, textParam } from "../address/query.ts";
import { minConfidenceParam } from "../address/list-params.ts";
import type { InstanceRef } from "../picture/draw.ts";

export const BELOW = ["epochs", "neighbours", "runs"] as const;

/** A label or prediction: `bbs_predicted:3`. */
export const placeParam: Param<InstanceRef | null> = {
  read: (text) => {
    const [, column, index] = /^(.+):(\d{1,9})$/.exec(text ?? "") ?? [];
    return column === undefined ? null : { column, index: Number(index) };
  },
  write: (place) => place && `${place.column}:${place.index}`,
};

export const samplePageParams = {
  edit: flagParam(),
  least: minConfidenceParam,
  below: choiceParam(BELOW, "epochs"),
  /** The column by which neighbours are near. */
  by: textParam(),
  /** What is selected. */
  at: placeParam,
  /** Layers and kinds that are not drawn. */
  hide: listParam(),
  hide_kinds: listParam(),
  names: flagParam(true),
};
