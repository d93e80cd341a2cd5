import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { classNames } from "./class-names.ts";
import { useLocalStorage } from "./use-local-storage.ts";
import styles from "./splitter.module.css";

interface SplitterProps {
  /** Its size is remembered under this name. */
  name: string;
  /** For screen readers: what is made larger or smaller. */
  label: string;
  /** Two panes. The sized one keeps its size, the other takes the rest. */
  children: [ReactNode, ReactNode];
  sized?: "first" | "second";
  direction?: "row" | "column";
  /** Pixels. */
  size: number;
  minimum?: number;
  maximum?: number;
}

export function Splitter(props: SplitterProps) {
  const { name, label, children, sized = "first", direction = "row" } = props;
  const { minimum = 160, maximum = 1200 } = props;
  const [size, setSize] = useLocalStorage(`splitter.${name}`, props.size);
  const [dragged, setDragged] = useState<number | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const isRow = direction === "row";

  const clamp = (wanted: number) => {
    const box = root.current?.getBoundingClientRect();
    const room = box ? (isRow ? box.width : box.height) - 120 : maximum;
    return Math.round(Math.max(minimum, Math.min(wanted, maximum, Math.max(minimum, room))));
  };
  const under = (event: PointerEvent) => {
    const box = root.current?.getBoundingClientRect();
    if (!box) return size;
    const at = isRow ? event.clientX - box.left : event.clientY - box.top;
    return clamp(sized === "first" ? at : (isRow ? box.width : box.height) - at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const grow = isRow ? "ArrowRight" : "ArrowDown";
    const shrink = isRow ? "ArrowLeft" : "ArrowUp";
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    const sign = (event.key === grow ? 1 : -1) * (sized === "first" ? 1 : -1);
    setSize(clamp(size + sign * 16));
  };

  const now = dragged ?? size;
  const style = isRow ? { width: now } : { height: now };
  return (
    <div ref={root} className={classNames(styles.split, !isRow && styles.column)}>
      <div
        className={classNames(styles.pane, sized === "second" && styles.rest)}
        style={sized === "first" ? style : undefined}
      >
        {children[0]}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={isRow ? "vertical" : "horizontal"}
        aria-valuenow={now}
        aria-valuemin={minimum}
        aria-valuemax={maximum}
        className={styles.handle}
        data-dragged={dragged !== null || undefined}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(under(event));
        }}
        onPointerMove={(event) => dragged !== null && setDragged(under(event))}
        onPointerUp={() => {
          if (dragged !== null) setSize(dragged);
          setDragged(null);
        }}
        onDoubleClick={() => setSize(props.size)}
      />
      <div
        className={classNames(styles.pane, sized === "first" && styles.rest)}
        style={sized === "second" ? style : undefined}
      >
        {children[1]}
      </div>
    </div>
  );
}
