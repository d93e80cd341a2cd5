// How far a key moves in a grid of samples.
interface Where {
  place: number | null;
  across: number;
  rows: number;
  count: number;
}

/** Samples to move by, or null for a key that does not move. */
export function moveOf(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  { place, across, rows, count }: Where,
): number | null {
  if (event.altKey) return null;
  const now = place ?? 0;
  const whole = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowRight":
      return across === 1 ? null : 1;
    case "ArrowLeft":
      return across === 1 ? null : -1;
    case "ArrowDown":
      return across;
    case "ArrowUp":
      return -across;
    case "PageDown":
      return across * Math.max(1, rows - 1);
    case "PageUp":
      return -across * Math.max(1, rows - 1);
    case "Home":
      return whole || across === 1 ? -now : -(now % across);
    case "End":
      return whole || across === 1 ? count - 1 - now : across - 1 - (now % across);
    default:
      return null;
  }
}
