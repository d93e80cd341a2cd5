// Names of instances on a picture: text on a plate in the colour of its kind, moved where they collide.
export interface Tag {
  text: string;
  /** The box on the screen. */
  x: number;
  y: number;
  right: number;
  bottom: number;
  color: string;
  isLit: boolean;
  /** Below the box: predictions, so that they do not cover the labels. */
  isBelow: boolean;
}

const HEIGHT = 17;
const PAD = 5;
const FONT = "600 11.5px system-ui, sans-serif";

export interface Plate {
  left: number;
  top: number;
  width: number;
}

/** Where a plate goes: outside of its box, in the picture, beside the plates that are there; or nowhere. */
export function placeTag(
  tag: Pick<Tag, "x" | "y" | "bottom" | "isBelow">,
  width: number,
  room: { width: number; height: number },
  taken: readonly Plate[],
): Plate | null {
  const left = Math.max(0, Math.min(tag.x - 1, room.width - width));
  const wanted = tag.isBelow ? tag.bottom + 1 : tag.y - HEIGHT - 1;
  const step = tag.isBelow ? HEIGHT + 1 : -(HEIGHT + 1);
  const clampTop = (top: number) => Math.max(0, Math.min(top, room.height - HEIGHT));
  const free = (top: number) =>
    taken.every(
      (one) => top + HEIGHT <= one.top || top >= one.top + HEIGHT || left + width <= one.left || left >= one.left + one.width,
    );
  for (const shift of [0, 1, -1, 2, -2, 3, -3, 4]) {
    const top = clampTop(wanted + shift * step);
    if (free(top)) return { left, top, width };
  }
  return null;
}

export function drawTags(context: CanvasRenderingContext2D, tags: readonly Tag[]): void {
  const ratio = context.getTransform().a || 1;
  const room = { width: context.canvas.width / ratio, height: context.canvas.height / ratio };
  const taken: Plate[] = [];
  context.font = FONT;
  context.textBaseline = "middle";
  // What is pointed at is placed first and drawn last.
  const placed = [...tags]
    .sort((a, b) => Number(b.isLit) - Number(a.isLit))
    .filter((tag) => tag.right > 0 && tag.bottom > 0 && tag.x < room.width && tag.y < room.height)
    .flatMap((tag) => {
      const plate = placeTag(tag, context.measureText(tag.text).width + 2 * PAD, room, taken);
      if (!plate) return []; // its line beside the picture says it
      taken.push(plate);
      return [{ tag, plate }];
    });
  for (const { tag, plate } of placed.reverse()) {
    context.fillStyle = tag.isLit ? tag.color : "rgb(16 20 26 / 82%)";
    context.fillRect(plate.left, plate.top, plate.width, HEIGHT);
    context.fillStyle = tag.color;
    if (!tag.isLit) context.fillRect(plate.left, plate.top, 3, HEIGHT);
    context.fillStyle = tag.isLit ? readableOn(tag.color) : "#ffffff";
    context.fillText(tag.text, plate.left + PAD + (tag.isLit ? 0 : 1), plate.top + HEIGHT / 2 + 0.5);
  }
}

/** Black or white, whichever can be read on a colour. */
export function readableOn(color: string): string {
  const code = Number.parseInt(color.replace("#", ""), 16);
  const [red, green, blue] = [16, 8, 0].map((shift) => (((code >> shift) & 255) / 255) ** 2.2);
  return 0.2126 * (red as number) + 0.7152 * (green as number) + 0.0722 * (blue as number) > 0.3 ? "#000000" : "#ffffff";
}
