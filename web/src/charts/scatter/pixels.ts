// Pixels as packed numbers, each colour multiplied by its alpha: laid over each other in few steps.

const ODD = 0xff00ff;
const HALF = 0x800080;
// A little less: two halves of one sum are not both rounded up, which would be one too many.
const BELOW_HALF = 0x7f007f;

/** A colour laid over a pixel, which is multiplied by its alpha; `share` in 0 .. 256. */
export function over(pixel: number, color: number, share: number): number {
  const rest = 256 - share;
  const low = ((Math.imul(color & ODD, share) + BELOW_HALF) >>> 8) & ODD;
  const high = (Math.imul(((color >>> 8) & 0xff) | 0xff0000, share) + BELOW_HALF) & ~ODD;
  if (pixel === 0) return (low | high) >>> 0;
  const lowBelow = ((Math.imul(pixel & ODD, rest) + HALF) >>> 8) & ODD;
  const highBelow = (Math.imul((pixel >>> 8) & ODD, rest) + HALF) & ~ODD;
  return (low + lowBelow + high + highBelow) >>> 0;
}

/** 255 / alpha with 16 binary digits. */
const FACTORS = Uint32Array.from({ length: 256 }, (_, alpha) => (alpha ? (255 * 65536) / alpha + 0.5 : 0));

/** As a canvas wants them: colours no longer multiplied by their alpha. */
export function unmultiply(pixels: Uint32Array): void {
  for (let at = 0; at < pixels.length; at++) {
    const pixel = pixels[at]!;
    const alpha = pixel >>> 24;
    if (alpha === 0 || alpha === 255) continue;
    const factor = FACTORS[alpha]!;
    const red = Math.min(255, ((pixel & 255) * factor + 32768) / 65536);
    const green = Math.min(255, (((pixel >>> 8) & 255) * factor + 32768) / 65536);
    const blue = Math.min(255, (((pixel >>> 16) & 255) * factor + 32768) / 65536);
    pixels[at] = ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
}
