// A chart as a file: SVG drawn from its series, and its numbers as CSV.
import { aligned, type Series } from "./series.ts";

export interface ChartLook {
  title: string;
  xLabel: string;
  log?: boolean;
  /** The colour of a token. */
  color: (token: string) => string;
}

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 64;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 48;

/** The chart as an SVG document that needs nothing else. */
export function chartSvg(series: readonly Series[], look: ChartLook): string {
  const [xs, ...columns] = aligned(series);
  const usable = (y: number | null) => y !== null && (!look.log || y > 0);
  const ys = columns.flat().filter(usable) as number[];
  const scale = look.log ? Math.log10 : (y: number) => y;
  const x = fitted(xs, LEFT, WIDTH - RIGHT);
  const y = fitted(ys.map(scale), HEIGHT - BOTTOM, TOP);
  const lines = series.map((one, place) => {
    const column = columns[place] ?? [];
    const points = xs.flatMap((at, row) => {
      const value = column[row] ?? null;
      return usable(value) ? [`${round(x(at))},${round(y(scale(value as number)))}`] : [];
    });
    const dash = one.dashed ? ' stroke-dasharray="6 4"' : "";
    return `<polyline fill="none" stroke="${look.color(one.color)}" stroke-width="2"${dash} points="${points.join(" ")}"/>`;
  });
  const text = look.color("--text");
  const soft = look.color("--text-soft");
  const line = look.color("--line");
  const ticks = [
    ...ticksOf(xs).map(
      (at) =>
        `<text x="${round(x(at))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="${soft}">${at}</text>`,
    ),
    ...ticksOf(ys.map(scale)).map((at) => {
      const value = look.log ? 10 ** at : at;
      return (
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(at))}" y2="${round(y(at))}" stroke="${line}"/>` +
        `<text x="${LEFT - 8}" y="${round(y(at)) + 4}" text-anchor="end" fill="${soft}">${Number(value.toPrecision(3))}</text>`
      );
    }),
  ];
  const legend = series.map((one, place) => {
    const left = LEFT + place * Math.min(160, (WIDTH - LEFT) / series.length);
    return (
      `<rect x="${round(left)}" y="${HEIGHT - 14}" width="12" height="4" fill="${look.color(one.color)}"/>` +
      `<text x="${round(left) + 16}" y="${HEIGHT - 8}" fill="${text}">${escaped(one.name)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${look.color("--panel")}"/>`,
    `<text x="${LEFT}" y="24" font-size="15" font-weight="600" fill="${text}">${escaped(look.title)}</text>`,
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - BOTTOM + 18}" text-anchor="end" fill="${soft}">${escaped(look.xLabel)}</text>`,
    ...ticks,
    ...lines,
    ...legend,
    "</svg>",
  ].join("\n");
}

/** One line an x value, one column a series; cells as spreadsheets read them. */
export function chartCsv(series: readonly Series[], xLabel: string): string {
  const [xs, ...columns] = aligned(series);
  const head = [xLabel, ...series.map((one) => one.name)];
  const lines = xs.map((x, row) => [x, ...columns.map((column) => column[row] ?? "")]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function fitted(values: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!values.length || low === high) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** About five round values within the range of others. */
export function ticksOf(values: readonly number[], wanted = 5): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!values.length) return [];
  if (low === high) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) =>
    Number(((first + place) * step).toPrecision(12)),
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
