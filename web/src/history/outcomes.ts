// What is asked of the samples, in words.
import type { Better } from "../data/verdict.ts";
import type { Outcome } from "./learning.ts";

interface Words {
  outcome: Outcome;
  label: string;
  /** Within one run, and between two. */
  within: string;
  across: string;
}

export const OUTCOMES: readonly Words[] = [
  { outcome: "regressed", label: "Regressed", within: "Worse after than before", across: "Worse in this run than in the earlier one" },
  { outcome: "forgotten", label: "Forgotten", within: "Right in one epoch and wrong in a later one", across: "Right in the earlier run, and wrong in this one" },
  { outcome: "never", label: "Never correct", within: "Right in no epoch", across: "Right in no epoch of either run" },
  { outcome: "improved", label: "Improved", within: "Better after than before", across: "Better in this run than in the earlier one" },
  { outcome: "all", label: "All", within: "All samples", across: "All samples" },
];

const ALL = OUTCOMES.filter(({ outcome }) => outcome === "all");

/** What can be asked; where nobody said which way is better, nothing got worse and nothing is right. */
export function outcomesOf(better: Better): readonly Words[] {
  return better === null ? ALL : OUTCOMES;
}
