import { useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./field.module.css";

export interface Option<T extends string = string> {
  value: T;
  label: string;
  /** Heading that it stands under. */
  group?: string;
}

interface SelectProps<T extends string> {
  label: string;
  /** Whether the label is only for screen readers. */
  hideLabel?: boolean;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
}

/** The browser's own list: it works with every keyboard, screen reader and size of screen. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, hideLabel, value, options, onChange, disabled, className } = props;
  const id = useId();
  const groups = [...new Set(options.map((option) => option.group ?? ""))];
  const inGroup = (group: string) =>
    options
      .filter((option) => (option.group ?? "") === group)
      .map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ));
  return (
    <span className={classNames(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? "visually-hidden" : styles.label}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {groups.map((group) =>
          group === "" ? (
            inGroup(group)
          ) : (
            <optgroup key={group} label={group}>
              {inGroup(group)}
            </optgroup>
          ),
        )}
      </select>
    </span>
  );
}
