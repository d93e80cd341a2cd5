import { useEffect, useState } from "react";
import type { Row } from "../data/pages.ts";
import { Picture } from "../picture/picture.tsx";
import type { SourceInfo } from "../wire.ts";
import { shortTitle } from "./look.ts";
import styles from "./sample-view.module.css";
import { thumbnail, valueText } from "./sample-view.tsx";
import { loadRows } from "./use-pages.ts";

interface TipProps {
  info: SourceInfo;
  exampleId: number;
  names: readonly string[];
}

const PAUSE_MS = 60;

/** Image and numbers of the sample under the pointer. */
export function SampleTip({ info, exampleId, names }: TipProps) {
  const [row, setRow] = useState<Row | null>(null);
  // biome-ignore lint: another sample is another question
  useEffect(() => {
    setRow(null);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const filters = [{ kind: "rows" as const, example_ids: [exampleId] }];
      loadRows({ source: info.source, filters, columns: [...names], limit: 1 }, controller.signal).then(
        ({ rows }) => setRow(rows[0] ?? null),
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [exampleId, info]);
  const src = thumbnail(info, exampleId, 150);
  return (
    <div className={styles.tip}>
      {src && (
        <div className={styles.tipImage}>
          <Picture src={src} alt="" />
        </div>
      )}
      <div className={styles.tipLine}>
        <span>sample</span>
        <span>{exampleId}</span>
      </div>
      {names.map((name) => (
        <div key={name} className={styles.tipLine}>
          <span>{shortTitle(name)}</span>
          <span>{row ? valueText(row[name], info.columns.find((one) => one.name === name)) : "…"}</span>
        </div>
      ))}
    </div>
  );
}
