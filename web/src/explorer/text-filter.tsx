import { useEffect, useState } from "react";
import { ofKind } from "../filters/filter-kind.ts";
import { Input } from "../parts/input.tsx";
import type { FilterProps } from "./filter-props.ts";
import styles from "./filters.module.css";

const PAUSE_MS = 300;

/** Text that the values contain; searched when one stops typing. */
export function TextFilter({ column, filter, onFilter }: FilterProps) {
  const written = ofKind(filter, "text")?.contains ?? "";
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the clock
  useEffect(() => {
    if (text === written) return;
    const timer = setTimeout(
      () => onFilter(text ? { kind: "text", column: column.name, contains: text } : null),
      PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Input
      label={`${column.name} contains`}
      hideLabel
      placeholder="contains …"
      value={text}
      onChange={setText}
      className={styles.text}
    />
  );
}
