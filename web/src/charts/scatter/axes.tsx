import { shortNumber } from "../../parts/numbers.ts";
import { ticks } from "../scales/ticks.ts";
import { type Projection, unproject } from "./projection.ts";
import styles from "./scatter.module.css";
import type { Size } from "../../parts/use-size.ts";

export interface Axis {
  /** Name of its column. */
  name: string;
  /** Whether its values are whole numbers. */
  whole?: boolean;
  /** Names of its values where they are categories. */
  names?: (value: number) => string | null;
}

export interface AxesProps {
  projection: Projection;
  size: Size;
  x: Axis;
  y: Axis;
}

/** Values with a number along the bottom and along the left, and how they are written. */
export function axisTicks({ projection, size, x, y }: AxesProps) {
  const [left, top] = unproject(projection, [0, 0]);
  const [right, bottom] = unproject(projection, [size.width, size.height]);
  const has = (axis: Axis) => (value: number) => !axis.whole || Number.isInteger(value);
  const format = (axis: Axis) => (value: number) => (axis.names ? (axis.names(value) ?? "") : shortNumber(value));
  return {
    across: { ticks: ticks(left, right, size.width / 80).filter(has(x)), format: format(x) },
    down: { ticks: ticks(bottom, top, size.height / 50).filter(has(y)), format: format(y) },
  };
}

/** Lines and numbers of two columns, where they mean something by themselves. */
export function Axes(props: AxesProps) {
  const { projection, size, x, y } = props;
  const { across, down } = axisTicks(props);
  return (
    <g className={styles.axes}>
      {across.ticks.map((value) => {
        const at = projection[0]! * value + projection[3]!;
        return (
          <g key={value}>
            <line x1={at} x2={at} y1={0} y2={size.height} />
            <text x={at} y={size.height - 20} textAnchor="middle">
              {across.format(value)}
            </text>
          </g>
        );
      })}
      {down.ticks.map((value) => {
        const at = projection[5]! * value + projection[7]!;
        return (
          <g key={value}>
            <line x1={0} x2={size.width} y1={at} y2={at} />
            <text x={6} y={at - 3}>
              {at > 28 && down.format(value)}
            </text>
          </g>
        );
      })}
      <text className={styles.name} x={size.width - 8} y={size.height - 6} textAnchor="end">
        {x.name} →
      </text>
      <text className={styles.name} x={6} y={14}>
        ↑ {y.name}
      </text>
    </g>
  );
}

/** Three arrows that turn with the points. */
export function Compass({ projection, size, names }: { projection: Projection; size: Size; names: string[] }) {
  const [cx, cy] = [44, size.height - 44];
  const arm = (column: number) => {
    const [dx, dy] = [projection[column]!, projection[4 + column]!];
    const length = Math.hypot(dx, dy, projection[8 + column]! * Math.hypot(dx, dy)) || 1;
    return [(dx / length) * 26, (dy / length) * 26] as const;
  };
  return (
    <g className={styles.axes}>
      {names.map((name, column) => {
        const [dx, dy] = arm(column);
        return (
          <g key={name}>
            <line className={styles.arm} x1={cx} y1={cy} x2={cx + dx} y2={cy + dy} />
            <text x={cx + dx * 1.35} y={cy + dy * 1.35 + 4} textAnchor="middle">
              {"xyz"[column]}
            </text>
          </g>
        );
      })}
      <text className={styles.name} x={8} y={14}>
        {names.map((name, column) => `${"xyz"[column]} ${name}`).join(" · ")}
      </text>
    </g>
  );
}
