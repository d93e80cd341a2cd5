import type { Virtualizer } from "@tanstack/react-virtual";
import type { ReactNode, Ref } from "react";
import { classNames } from "./class-names.ts";
import styles from "./virtual-list.module.css";

interface LinesProps {
  label: string;
  /** What scrolls, as `virtual` knows it. */
  scroller: Ref<HTMLDivElement>;
  virtual: Virtualizer<HTMLDivElement, Element>;
  className?: string;
  children: (line: number) => ReactNode;
}

/** A long list, of which only the lines on the screen are there. */
export function Lines({ label, scroller, virtual, className, children }: LinesProps) {
  return (
    // biome-ignore lint: what scrolls can be reached by the keyboard
    <div ref={scroller} className={classNames(styles.list, className)} tabIndex={0} role="region" aria-label={label}>
      <div className={styles.inner} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((line) => (
          <div key={line.key} className={styles.line} style={{ transform: `translateY(${line.start}px)` }}>
            {children(line.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
