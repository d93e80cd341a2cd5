// What a label or a prediction can be, in words and colours.
export interface KindStyle {
  /** Its name on the screen. */
  name: string;
  /** Token of its colour. */
  token: string;
  /** What it means, one sentence. */
  means: string;
  /** Dashes of its outline in pixels of the screen. */
  dash: number[];
}

/** In the order of a legend. */
export const KINDS: Record<string, KindStyle> = {
  truth: { name: "label", token: "--truth", means: "What the labels say.", dash: [] },
  missed: { name: "missed", token: "--missed", means: "A label that no prediction found.", dash: [] },
  true_positive: { name: "true positive", token: "--true-positive", means: "Matches a label of its class at an IoU of 0.5 or more.", dash: [8, 4] },
  class: { name: "wrong class", token: "--class-error", means: "On an object of another class.", dash: [4, 3] },
  localisation: { name: "localization", token: "--localisation", means: "The right class, but an IoU from 0.1 to 0.5.", dash: [4, 3] },
  both: { name: "class + localization", token: "--both", means: "The wrong class, and an IoU from 0.1 to 0.5.", dash: [4, 3] },
  duplicate: { name: "duplicate", token: "--duplicate", means: "A more confident prediction found that label already.", dash: [4, 3] },
  background: { name: "background", token: "--background", means: "Where no label is.", dash: [4, 3] },
  prediction: { name: "prediction", token: "--true-positive", means: "What the model says.", dash: [8, 4] },
  ignored: { name: "ignored", token: "--ignored", means: "In a crowd region: neither right nor wrong.", dash: [2, 4] },
};

/** The key in `KINDS` of an instance: a label that was found is a label like any other. */
export function kindOf(isTruth: boolean, kind: string | null): string {
  if (isTruth) return kind === "missed" || kind === "ignored" ? kind : "truth";
  return kind !== null && kind in KINDS ? kind : "prediction";
}

/** Whether a prediction is wrong. */
export function isWrong(kind: string): boolean {
  return !["truth", "true_positive", "prediction", "ignored"].includes(kind);
}

/** Colours by kind in the theme that is shown, and those of labels on a picture. */
export type Palette = Record<string, string>;

export function paletteOf(token: (name: string) => string): Palette {
  return Object.fromEntries(Object.entries(KINDS).map(([kind, style]) => [kind, token(style.token)]));
}
