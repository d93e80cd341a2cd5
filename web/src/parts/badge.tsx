import type { ReactNode } from "react";
import styles from "./badge.module.css";
import { classNames } from "./class-names.ts";

type Tone = "plain" | "neutral" | "good" | "warning" | "danger" | "accent";

interface BadgeProps {
  tone?: Tone;
  /** A dot before the text. */
  dot?: boolean;
  /** Whether the dot breathes: something is going on. */
  live?: boolean;
  children: ReactNode;
}

export function Badge({ tone = "plain", dot, live, children }: BadgeProps) {
  return (
    <span className={classNames(styles.badge, tone !== "plain" && styles[tone])}>
      {dot && <span className={classNames(styles.dot, live && styles.live)} />}
      <span className={styles.text}>{children}</span>
    </span>
  );
}

/** How many there are, in a button. */
export function CountBadge({ count }: { count: number }) {
  return <span className={styles.count}>{count}</span>;
}

const TONES: Record<string, Tone> = {
  running: "accent",
  completed: "neutral",
  cancelled: "warning",
  failed: "danger",
};

/** Status of a run. */
export function Status({ status }: { status: string }) {
  return (
    <Badge tone={TONES[status] ?? "plain"} dot live={status === "running"}>
      {status}
    </Badge>
  );
}
