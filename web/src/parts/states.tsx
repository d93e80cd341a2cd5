// What stands in the place of something that is not there: empty, failed, on its way.
import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { isServerError } from "./error-text.ts";
import { classNames } from "./class-names.ts";
import styles from "./states.module.css";

interface EmptyStateProps {
  title: string;
  icon?: ReactNode;
  /** What to do next. */
  children?: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ title, icon, children, actions }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <span className={styles.icon}>{icon ?? <Inbox size={28} strokeWidth={1.5} />}</span>
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
      {actions}
    </div>
  );
}

interface ErrorStateProps {
  error: Error;
  onRetry?: () => void;
  title?: string;
}

/** An error in the words of the server: what is wrong, and the next thing to do. */
export function ErrorState({ error, onRetry, title }: ErrorStateProps) {
  const isOurs = isServerError(error);
  return (
    <div className={classNames(styles.state, styles.problem)} role="alert">
      <span className={styles.icon}>
        <CircleAlert size={28} strokeWidth={1.5} />
      </span>
      <p className={styles.title}>{title ?? (isOurs ? "This could not be loaded" : "The server does not answer")}</p>
      <p className={styles.text}>{error.message}</p>
      {isOurs && error.hint && <p className={styles.hint}>{error.hint}</p>}
      {!isOurs && <p className={styles.hint}>Is `samplewise ui` still running?</p>}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export function Spinner({ size = 18, label = "Loading" }: { size?: number; label?: string }) {
  return (
    <span
      className={styles.spinner}
      style={{ width: size, height: size }}
      role="status"
      aria-label={label}
    />
  );
}

export function Placeholder({ width, height = 14 }: { width?: number | string; height?: number }) {
  return <div className={styles.skeleton} style={{ width: width ?? "100%", height }} aria-hidden />;
}

/** Grey lines where text will be. */
export function PlaceholderLines({ count = 6 }: { count?: number }) {
  return (
    <div className={styles.lines} role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, line) => (
        <Placeholder key={line} width={`${90 - ((line * 23) % 50)}%`} />
      ))}
    </div>
  );
}

interface LoadedProps<T> {
  /** An answer that may not be there yet; see `data/use-resource.ts`. */
  resource: { data: T | null; error: Error | null; reload: () => void };
  children: (data: T) => ReactNode;
  /** Shown while nothing is there yet. */
  waiting?: ReactNode;
}

/** The answer of the server, or why there is none; an old answer stays while it is asked again. */
export function Loaded<T>({ resource, children, waiting }: LoadedProps<T>) {
  if (resource.data !== null) return children(resource.data);
  if (resource.error) return <ErrorState error={resource.error} onRetry={resource.reload} />;
  return waiting ?? <PlaceholderLines />;
}
