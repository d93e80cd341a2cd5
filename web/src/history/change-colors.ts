// Colours of changes: from worse over unchanged to better.
import { MISSING, mixColors, type Rgb } from "../charts/scales/colors.ts";
import { reachOf } from "../parts/polygon.ts";

const MIDDLE = 127;

/** 256 colours; place 127 is no change, the last is for what is missing. */
export function changeColors(worse: Rgb, same: Rgb, better: Rgb): Rgb[] {
  return Array.from({ length: 256 }, (_, place) => {
    if (place === MISSING) return same;
    const share = (place - MIDDLE) / MIDDLE;
    return share < 0 ? mixColors(same, worse, Math.sqrt(-share)) : mixColors(same, better, Math.sqrt(share));
  });
}

/** The place of each change in `changeColors`; the greatest change of all reaches the end. */
export function changePlaces(change: ArrayLike<number>, isLessBetter: boolean): Uint8Array {
  const reach = reachOf(change);
  const scale = reach > 0 ? (MIDDLE / reach) * (isLessBetter ? -1 : 1) : 0;
  return Uint8Array.from(change, (value) =>
    Number.isNaN(value) ? MISSING : Math.round(MIDDLE + value * scale),
  );
}
