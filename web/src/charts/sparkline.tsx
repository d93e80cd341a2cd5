import { classNames } from "../parts/class-names.ts";
import styles from "./sparkline.module.css";
import { shortNumber } from "../parts/numbers.ts";

interface SparklineProps {
  /** One value per epoch, NaN where there is none. */
  values: ArrayLike<number>;
  low: number;
  high: number;
  /** Which of them is shown now. */
  at: number;
  label: string;
  /** Beside another one: this is what was before, or what is now. */
  variant?: "muted" | "strong";
  width?: number;
  height?: number;
}

/** How one number of one sample went over the epochs. */
export function Sparkline({ values, low, high, at, label, variant, width = 44, height = 14 }: SparklineProps) {
  const count = values.length;
  const x = (place: number) => (count > 1 ? 2 + (place / (count - 1)) * (width - 4) : width / 2);
  const y = (value: number) => height - 2 - ((value - low) / (high - low || 1)) * (height - 4);
  const points = Array.from(values, (value, place) => [place, value] as const).filter(
    ([, value]) => !Number.isNaN(value),
  );
  const line = points.map(([place, value]) => `${x(place).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
  const now = values[at];
  const text = points.map(([, value]) => shortNumber(value)).join(", ");
  return (
    <svg className={classNames(styles.sparkline, variant && styles[variant])} width={width} height={height} role="img" aria-label={`${label}: ${text}`}>
      {points.length > 1 && <path d={`M${line}`} />}
      {now !== undefined && !Number.isNaN(now) && <circle cx={x(at)} cy={y(now)} r={2} />}
    </svg>
  );
}
