// What a change of a metric means, as its column says.
import type { Column, SourceInfo } from "../wire.ts";

/** Which values of a metric are better; null where nobody said. */
export type Better = Column["better"];

export type Verdict = "better" | "worse" | "same" | "changed";

/** What a change means: "changed" where nobody said which way is better. What is missing is no change. */
export function verdictOf(difference: number, better: Better): Verdict {
  if (Number.isNaN(difference) || difference === 0) return "same";
  if (better === null) return "changed";
  return difference > 0 === (better === "lower") ? "worse" : "better";
}

export function betterOf(info: SourceInfo, metric: string): Better {
  return info.columns.find(({ name }) => name === metric)?.better ?? null;
}

/** Why nothing is called better or worse. */
export function silenceOf(metric: string): string {
  return `${metric} does not say which way is better, so no change is called better or worse.`;
}
