// How moments and durations are written on the screen, in the time zone of the person.

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** `28 Nov 2026, 06:53`. */
export function moment(iso: string | null): string {
  const date = iso ? new Date(iso) : null;
  if (!date || Number.isNaN(date.getTime())) return "–";
  return `${DAY.format(date)}, ${CLOCK.format(date)}`;
}

/** `just now`, `4 minutes ago`, `3 days ago`; the date after a month. */
export function ago(iso: string | null, now = Date.now()): string {
  const then = iso ? new Date(iso).getTime() : Number.NaN;
  if (Number.isNaN(then)) return "–";
  const minutes = Math.round((now - then) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  const days = Math.round(minutes / 1440);
  return days <= 31 ? `${days} days ago` : DAY.format(new Date(then));
}

/** `38 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return joinUnits(whole, 60, "min", 1, "s");
  if (whole < 48 * 3600) return joinUnits(whole, 3600, "h", 60, "min");
  return joinUnits(whole, 86_400, "d", 3600, "h");
}

function joinUnits(seconds: number, large: number, name: string, small: number, rest: string): string {
  const left = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${name}${left ? ` ${left} ${rest}` : ""}`;
}
