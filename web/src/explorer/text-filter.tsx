import { useEffect, useState } from "react";
import { Input } from "../parts/input.tsx";
import type { Column, Filter } from "../wire.ts";
import styles from "./filters.module.css";

interface TextFilterProps {
  column: Column;
  filter: Filter | null;
  onFilter: (filter: Filter | null) => void;
}

const PAUSE_MS = 300;

/** Text that the values contain; searched when one stops typing. */
export function TextFilter({ column, filter, onFilter }: TextFilterProps) {
  const written = filter?.kind === "text" ? filter.contains : "";
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  // biome-ignore lint: only what is typed starts the clock
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
