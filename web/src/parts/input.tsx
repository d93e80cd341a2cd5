import { type InputHTMLAttributes, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";

interface InputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  label: string;
  /** Whether the label is only for screen readers. */
  hideLabel?: boolean;
  value: string;
  onChange: (value: string) => void;
  ref?: React.Ref<HTMLInputElement>;
}

export function Input({ label, hideLabel, onChange, className, ...rest }: InputProps) {
  const id = useId();
  return (
    <span className={styles.field}>
      <label htmlFor={id} className={hideLabel ? "visually-hidden" : styles.label}>
        {label}
      </label>
      <input
        id={id}
        className={classNames(styles.input, className)}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
    </span>
  );
}
