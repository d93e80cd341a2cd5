// A matrix of counts as a figure: which class was taken for which.
import { wholeNumber } from "../../parts/numbers.ts";
import type { ResolveColor, LegendEntry, Figure } from "./figure.ts";
import { truncate, element, text, textWidth } from "./svg.ts";

export interface MatrixCell {
  count: number;
  color: string;
}

export interface Matrix {
  title: string;
  note?: string;
  /** Of rows and of columns. */
  names: readonly string[];
  cells: readonly (readonly MatrixCell[])[];
  rowName: string;
  columnName: string;
  keys?: readonly LegendEntry[];
}

const SIZE = 12;
const FEW = 24;
const LONGEST = 150;

export function matrixFigure({ title, note, names, cells, rowName, columnName, keys }: Matrix, resolveColor: ResolveColor): Figure {
  const [wide, high, size] = names.length > FEW ? [26, 20, 9] : [48, 30, SIZE];
  const longest = Math.min(LONGEST, Math.max(0, ...names.map((name) => textWidth(name, SIZE)))) + 10;
  const left = longest + 22;
  const top = longest + 22;
  const [across, down] = [names.length * wide, names.length * high];
  const soft = resolveColor("--text-soft");
  const name = (at: number) => truncate(names[at] as string, LONGEST, SIZE);
  const body = [
    text(columnName, { x: left + across / 2, y: 12, "text-anchor": "middle", fill: resolveColor("--text") }),
    text(rowName, { "text-anchor": "middle", transform: `translate(12 ${top + down / 2}) rotate(-90)`, fill: resolveColor("--text") }),
    ...names.map((_, at) => text(name(at), { x: left - 8, y: top + (at + 0.5) * high + 4, "text-anchor": "end", fill: soft })),
    ...names.map((_, at) => text(name(at), { transform: `translate(${left + (at + 0.5) * wide + 4} ${top - 8}) rotate(-90)`, fill: soft })),
    ...cells.flatMap((line, row) =>
      line.map(({ count, color }, column) => {
        const [x, y] = [left + column * wide, top + row * high];
        const box = element("rect", { x, y, width: wide - 1, height: high - 1, rx: 2, fill: resolveColor(count ? color : "--sunken") });
        if (!count) return box;
        return box + text(wholeNumber(count), { x: x + (wide - 1) / 2, y: y + (high - 1) / 2 + size * 0.36, "text-anchor": "middle", "font-size": size, fill: resolveColor("--text") });
      }),
    ),
  ];
  return { title, note, chart: { width: left + across, height: top + down, body: body.join("\n") }, keys };
}
