// Whether more of a metric is better.

const LESS_IS_BETTER =
  /loss|error|(^|_)(false|missed|fp|fn|duplicates?|background|ignored)(_|$)|distance|time|entropy|uncertain/i;

export function isLessBetter(metric: string): boolean {
  return LESS_IS_BETTER.test(metric);
}

export type Verdict = "better" | "worse" | "same";

/** What a change of a metric means. What is missing on a side is no change. */
export function verdictOf(difference: number, metric: string): Verdict {
  if (Number.isNaN(difference) || difference === 0) return "same";
  return difference > 0 === isLessBetter(metric) ? "worse" : "better";
}
