// Colours of data. Categories keep apart for people with any kind of colour vision; numbers go
// along viridis, whose lightness rises evenly.
import type { Category } from "../../wire.ts";

export type Rgb = [number, number, number];

/** Okabe and Ito (2008) without black and yellow, then Tol's muted (2021) for more classes. */
const CATEGORIES = [
  "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#332288", "#999933",
  "#882255", "#44aa99", "#aa4499", "#ddcc77", "#117733", "#88ccee", "#cc6677", "#7a6a53",
];

const VIRIDIS = [
  "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70",
  "#7ad151", "#bddf26", "#fde725",
];

/** Place of a missing value in a table of colours. */
export const MISSING = 255;

export function categoryColor(place: number): string {
  return CATEGORIES[place % CATEGORIES.length] as string;
}

/** The colour that a class was given, or else one by its place. */
export function colorOf(category: Category, place: number): string {
  return /^#[0-9a-f]{6}$/i.test(category.color ?? "") ? (category.color as string) : categoryColor(place);
}

/** `share` in [0, 1] along viridis. */
export function viridis(share: number): Rgb {
  const at = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
  const low = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [from, to] = [rgb(VIRIDIS[low] as string), rgb(VIRIDIS[low + 1] as string)];
  return mixColors(from as Rgb, to as Rgb, at - low);
}

/** A colour between two others; `share` in [0, 1] is that of `to`. */
export function mixColors(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((part, i) => Math.round(part + ((to[i] as number) - part) * share)) as Rgb;
}

/** On a dark page numbers begin with a colour that can be seen there. */
export function numberColor(share: number, dark: boolean): Rgb {
  return viridis(dark ? 0.16 + 0.84 * share : share);
}

/** Of `#14181d`, or of `#fff`, as a style sheet may be shortened. */
export function rgb(color: string): Rgb {
  const digits = color.replace("#", "");
  const six = digits.length < 6 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const code = Number.parseInt(six.slice(0, 6), 16);
  return [(code >> 16) & 255, (code >> 8) & 255, code & 255];
}

/** As every program that reads SVG knows it: `#440154`. */
export function hex(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** As a canvas stores a pixel: red in the lowest byte. */
export function packColor([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** 256 colours: of numbers in order, or of categories by place, repeated. */
export function numberColors(missing: string, dark = false): Uint32Array {
  const colors = Uint32Array.from({ length: 256 }, (_, at) => packColor(numberColor(at / 254, dark)));
  colors[MISSING] = packColor(rgb(missing));
  return colors;
}

export function categoryColors(categories: readonly Category[], missing: string): Uint32Array {
  const colors = new Uint32Array(256).fill(packColor(rgb(missing)));
  categories.forEach((category, place) => {
    if (place < MISSING) colors[place] = packColor(rgb(colorOf(category, place)));
  });
  return colors;
}

/** Place of each value in `numberColors`; what is missing has its own. */
export function numberPlaces(values: ArrayLike<number>, low: number, high: number): Uint8Array {
  const scale = high > low ? 254 / (high - low) : 0;
  const places = new Uint8Array(values.length);
  for (let row = 0; row < places.length; row++) {
    const value = values[row] as number;
    const at = Math.round((value - low) * scale);
    places[row] = Number.isNaN(value) ? MISSING : Math.max(0, Math.min(at, 254));
  }
  return places;
}

export function categoryPlaces(
  values: ArrayLike<number>,
  categories: readonly Category[],
): Uint8Array {
  const known = new Map(categories.slice(0, MISSING).map(({ id }, place) => [id, place]));
  return Uint8Array.from(values, (value) => known.get(value) ?? MISSING);
}
