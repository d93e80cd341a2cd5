// Points inside a polygon: `map.0*map.1(0,0 1,0 1,1)`.
import { quote, unquote } from "./quoting.ts";
import { insidePolygon } from "../parts/polygon.ts";
import type { FilterKind } from "./filter-kind.ts";
import { mapName, pointsToText, slotOfAxes, textToPoints } from "./lasso.ts";

export const polygon: FilterKind<"polygon"> = {
  kind: "polygon",
  form: /^([^*]+)\*([^*(]+)\((.*)\)$/s,
  parse: ([x = "", y = "", corners = ""]) => {
    const points = textToPoints(corners);
    return points && { kind: "polygon", x: unquote(x), y: unquote(y), points };
  },
  print: ({ x, y, points }) => `${quote(x)}*${quote(y)}(${pointsToText(points)})`,
  slot: ({ x, y }) => slotOfAxes([x, y]),
  describe: ({ x, y }) => `drawn around in ${mapName(x, y)}`,
  columns: ({ x, y }) => [x, y],
  isDrawn: true,
  mask: ({ points }, { values }) => {
    const [xs, ys] = values as ArrayLike<number>[];
    return insidePolygon(xs as ArrayLike<number>, ys as ArrayLike<number>, points);
  },
};
