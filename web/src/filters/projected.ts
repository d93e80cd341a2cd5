// Points whose picture lies inside a polygon: `x*y*z@1,0,0 0,1,0(0,0 1,0 1,1)`.
import { quote, unquote } from "./quoting.ts";
import { insidePolygon, weightedSum } from "../parts/polygon.ts";
import type { FilterKind, MaskInput, OfKind } from "./filter-kind.ts";
import { mapName, pointsToText, slotOfAxes, textToPoints, textToTuples } from "./lasso.ts";

type Projected = OfKind<"projected">;

export const projected: FilterKind<"projected"> = {
  kind: "projected",
  form: /^([^*]+)\*([^*]+)\*([^*@]+)@([^(]*)\((.*)\)$/s,
  parse,
  print: ({ x, y, z, across, up, points }) =>
    `${[x, y, z].map(quote).join("*")}@${across} ${up}(${pointsToText(points)})`,
  slot: ({ x, y, z }) => slotOfAxes([x, y, z]),
  describe: ({ x, y, z }) => `drawn around in ${mapName(x, y, z)}`,
  columns: ({ x, y, z }) => [x, y, z],
  isDrawn: true,
  mask,
};

function parse([x = "", y = "", z = "", factors = "", corners = ""]: readonly string[]): Projected | null {
  const points = textToPoints(corners);
  const [across, up, more] = textToTuples<[number, number, number]>(factors, 3) ?? [];
  if (!points || !across || !up || more) return null;
  return { kind: "projected", x: unquote(x), y: unquote(y), z: unquote(z), across, up, points };
}

function mask({ across, up, points }: Projected, { values }: MaskInput): Uint8Array {
  const columns = values as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  return insidePolygon(weightedSum(across, ...columns), weightedSum(up, ...columns), points);
}
