import { type ReactNode, type RefObject, useEffect } from "react";
import { classNames } from "./class-names.ts";
import { useSize } from "./use-size.ts";
import { useVirtual } from "./use-virtual.ts";
import styles from "./virtual-list.module.css";

interface VirtualListProps {
  label: string;
  scroller: RefObject<HTMLDivElement | null>;
  /** How many there are. */
  rows: number;
  /** Of each row, pixels. */
  rowHeight: number;
  /** Another list begins at the top. */
  listKey: unknown;
  /** Called with the first row that is drawn, and the one after the last. */
  onRows?: (first: number, last: number) => void;
  className?: string;
  children: (row: number) => ReactNode;
}

/** A long list, of which only the rows on the screen are there. */
export function VirtualList(props: VirtualListProps) {
  const { label, scroller, rows, rowHeight, listKey, onRows, className, children } = props;
  const { height } = useSize(scroller);
  const virtual = useVirtual({ element: scroller, rows, rowHeight, window: height, listKey });
  const { first, last } = virtual;
  useEffect(() => onRows?.(first, last), [onRows, first, last]);
  return (
    <div ref={scroller} className={classNames(styles.list, className)} tabIndex={0} role="region" aria-label={label}>
      <div className={styles.inner} style={{ height: virtual.height }}>
        {Array.from({ length: last - first }, (_, at) => first + at).map((row) => (
          <div key={row} className={styles.line} style={{ transform: `translateY(${virtual.offsetOf(row)}px)` }}>
            {children(row)}
          </div>
        ))}
      </div>
    </div>
  );
}
