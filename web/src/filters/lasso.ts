// What is drawn around in a scatter: corners as text, and the filter that a drawn shape makes.
import type { Filter } from "../wire.ts";
import { isNumber } from "./numbers-form.ts";

type Point = [number, number];
type Factors = [number, number, number];

/** The filter of a shape that somebody drew; `plane` is how three axes were seen. */
export function drawnFilter(
  [x, y, z]: readonly string[],
  points: Point[],
  plane: { across: Factors; up: Factors } | null,
): Filter | null {
  if (!x || !y) return null;
  return plane && z ? { kind: "projected", x, y, z, ...plane, points } : { kind: "polygon", x, y, points };
}

/** The slot of all filters drawn over some axes. */
export function slotOfAxes(axes: readonly string[]): string {
  return axes.join("*");
}

export function pointsToText(points: readonly Point[]): string {
  return points.map((point) => point.join(",")).join(" ");
}

/** At least three corners; null where there are fewer, or something else. */
export function textToPoints(text: string): Point[] | null {
  const points = textToTuples<Point>(text, 2);
  return points && points.length >= 3 ? points : null;
}

/** `1,2 3,4`: groups of finite numbers, each of `size`. */
export function textToTuples<T extends number[]>(text: string, size: number): T[] | null {
  const groups = text.split(" ").map((group) => group.split(","));
  const isSound = groups.every((group) => group.length === size && group.every(isNumber));
  return isSound ? groups.map((group) => group.map(Number) as T) : null;
}

/** `embedding_pacmap` of its elements, or all names. */
export function mapName(...axes: string[]): string {
  const maps = new Set(axes.map((axis) => axis.replace(/\.\d$/, "")));
  if (maps.size === 1) return [...maps][0] as string;
  return `${axes.slice(0, -1).join(", ")} and ${axes.at(-1)}`;
}
