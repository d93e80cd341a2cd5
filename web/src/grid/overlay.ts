// Draws labels and predictions over a thumbnail.
import type { Instance } from "./instances.ts";

/** Colours by the name of what an instance is, of the theme that is shown. */
export type Palette = Record<string, string>;

const KINDS: Record<string, string> = {
  truth: "--truth",
  missed: "--missed",
  true_positive: "--true-positive",
  class: "--class-error",
  localisation: "--localisation",
  both: "--both",
  duplicate: "--duplicate",
  background: "--background",
  ignored: "--ignored",
};

export function readPalette(token: (name: string) => string): Palette {
  return Object.fromEntries(Object.entries(KINDS).map(([kind, name]) => [kind, token(name)]));
}

export interface Overlay {
  truth: Instance[];
  predictions: Instance[];
  /** Pixels of the image that the places count in. */
  extent: [number, number];
}

/** Labels are solid; predictions are dashed, and dotted where they are wrong. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  { truth, predictions, extent }: Overlay,
  palette: Palette,
): void {
  const scale = Math.min(width / extent[0], height / extent[1]);
  const left = (width - extent[0] * scale) / 2;
  const top = (height - extent[1] * scale) / 2;
  const draw = (one: Instance, color: string, dash: number[], line: number) => {
    context.setLineDash(dash);
    context.lineWidth = line;
    context.strokeStyle = color;
    context.fillStyle = color;
    if (one.box) {
      const [x0, y0, x1, y1] = one.box.map((part) => part * scale) as [number, number, number, number];
      context.strokeRect(left + x0, top + y0, x1 - x0, y1 - y0);
    }
    for (let at = 0; at < one.points.length; at += 2) {
      context.fillRect(left + one.points[at]! * scale - 1.5, top + one.points[at + 1]! * scale - 1.5, 3, 3);
    }
  };
  for (const one of truth) {
    const isMissed = one.kind === "missed";
    draw(one, palette[isMissed ? "missed" : "truth"] ?? "green", [], isMissed ? 2.5 : 2);
  }
  for (const one of predictions) {
    const kind = one.kind ?? "true_positive";
    draw(one, palette[kind] ?? "blue", kind === "true_positive" ? [5, 3] : [2, 2], 1.75);
  }
}
