// From where a scatter is looked at, in the address: `3.2,0.41,0.6`, in 3-D with its turn and tilt.
import type { Param } from "../../address/query.ts";
import { type Camera, WHOLE } from "./projection.ts";

const DIGITS = 6;

export const viewParam: Param<Camera> = {
  read: (text) => {
    const numbers = (text ?? "").split(",").map(Number);
    if (![3, 5].includes(numbers.length) || !numbers.every(Number.isFinite)) return WHOLE;
    const [zoom, x, y, turn, tilt] = numbers as [number, number, number, number?, number?];
    if (zoom <= 0) return WHOLE;
    return { zoom, x, y, turn: turn ?? WHOLE.turn, tilt: tilt ?? WHOLE.tilt };
  },
  write: (view) => {
    const flat = numbersToText([view.zoom, view.x, view.y]);
    const turned = numbersToText([view.turn, view.tilt]);
    if (turned !== numbersToText([WHOLE.turn, WHOLE.tilt])) return `${flat},${turned}`;
    return flat === numbersToText([WHOLE.zoom, WHOLE.x, WHOLE.y]) ? null : flat;
  },
};

function numbersToText(numbers: readonly number[]): string {
  return numbers.map((number) => Number(number.toPrecision(DIGITS))).join(",");
}
