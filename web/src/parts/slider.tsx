import { Slider as Radix } from "radix-ui";
import styles from "./field.module.css";

interface SliderProps {
  label: string;
  hideLabel?: boolean;
  value: number;
  minimum?: number;
  maximum: number;
  step?: number;
  onChange: (value: number) => void;
  /** How a value is written; also read aloud. */
  format?: (value: number) => string;
}

export function Slider(props: SliderProps) {
  const { label, hideLabel, value, minimum = 0, maximum, step = 1, onChange } = props;
  const format = props.format ?? String;
  return (
    <span className={styles.field}>
      {!hideLabel && <span className={styles.label}>{label}</span>}
      <Radix.Root
        className={styles.slider}
        value={[value]}
        min={minimum}
        max={maximum}
        step={step}
        onValueChange={([next]) => next !== undefined && onChange(next)}
      >
        <Radix.Track className={styles.track}>
          <Radix.Range className={styles.range} />
        </Radix.Track>
        <Radix.Thumb className={styles.thumb} aria-label={label} aria-valuetext={format(value)} />
      </Radix.Root>
      <span className={styles.value}>{format(value)}</span>
    </span>
  );
}
