import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./button.module.css";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./tooltip.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: "plain" | "primary" | "danger" | "quiet";
  small?: boolean;
  /** A toggle: whether it is on. */
  pressed?: boolean;
  ref?: React.Ref<HTMLButtonElement>;
}

export function Button({ variant = "plain", small, pressed, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={classNames(
        styles.button,
        variant !== "plain" && styles[variant],
        small && styles.small,
        pressed && styles.pressed,
        className,
      )}
      {...rest}
    />
  );
}

interface IconButtonProps extends ButtonProps {
  /** What it does: its name for screen readers, and its tooltip. */
  label: string;
  /** Shown in the tooltip. */
  keys?: string;
  children: ReactNode;
}

export function IconButton({ label, keys, variant = "quiet", className, ...rest }: IconButtonProps) {
  return (
    <Tooltip content={keys ? `${label} (${keys})` : label}>
      <Button
        aria-label={label}
        variant={variant}
        className={classNames(styles.icon, className)}
        {...rest}
      />
    </Tooltip>
  );
}
