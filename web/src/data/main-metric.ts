// The metric that says the most of a sample.

/** Of each task one; of a classification whether it is right. */
const MAIN = ["f1", "ap_50", "mean_oks", "mean_iou", "correct", "loss"];

export function mainMetric(names: readonly string[]): string | null {
  return MAIN.find((name) => names.includes(name)) ?? names[0] ?? null;
}
