// What the colours of a scatter mean, in its figure.
import { colorOf, hex, numberColor } from "../charts/scales/colors.ts";
import type { LegendEntry } from "../charts/figure/figure.ts";
import { shortNumber } from "../parts/numbers.ts";
import type { Colouring } from "./use-points.ts";

const STEPS = 11;
/** Colours repeat after that many classes. */
const MOST = 32;

/** Colours of numbers from the lowest to the highest. */
export function rampOf(theme: "light" | "dark"): string[] {
  return Array.from({ length: STEPS }, (_, at) => hex(numberColor(at / (STEPS - 1), theme === "dark")));
}

export function scatterKeys(colouring: Colouring, name: string, theme: "light" | "dark"): LegendEntry[] {
  if (colouring.kind === "none") return [];
  if (colouring.kind === "numbers") {
    return [{ name, ramp: rampOf(theme), low: shortNumber(colouring.low), high: shortNumber(colouring.high) }];
  }
  const { categories } = colouring;
  const shown = categories.slice(0, MOST).map((category, place) => ({
    name: category.name,
    color: colorOf(category, place),
    mark: "dot" as const,
  }));
  const more = categories.length - shown.length;
  return more > 0 ? [...shown, { name: `and ${more} more`, color: "--panel", mark: "dot" }] : shown;
}
