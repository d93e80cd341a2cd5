import { useEffect, useState } from "react";
import type { Row } from "../data/pages.ts";
import { EditMark } from "../edit/edit-mark.tsx";
import type { EditMarks } from "../edit/apply-edits.ts";
import { Picture } from "../picture/picture.tsx";
import type { SourceInfo } from "../wire.ts";
import { shortTitle } from "./look.ts";
import styles from "./caption.module.css";
import { thumbnailUrl } from "../data/image-url.ts";
import { valueText } from "../data/value-text.ts";
import { loadRows } from "../data/load-rows.ts";

interface SampleTooltipProps {
  info: SourceInfo;
  exampleId: number;
  names: readonly string[];
  marks: EditMarks;
}

const PAUSE_MS = 60;

/** Image and numbers of the sample under the pointer. */
export function SampleTooltip({ info, exampleId, names, marks }: SampleTooltipProps) {
  const [stored, setStored] = useState<Row | null>(null);
  const row = stored && marks.row(stored);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sample is another question
  useEffect(() => {
    setStored(null);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const filters = [{ kind: "rows" as const, example_ids: [exampleId] }];
      loadRows({ source: info.source, filters, columns: [...names], limit: 1 }, controller.signal).then(
        ({ rows }) => setStored(rows[0] ?? null),
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [exampleId, info]);
  const src = thumbnailUrl(info, exampleId, 150);
  return (
    <div className={styles.tip}>
      {src && (
        <div className={styles.tipImage}>
          <Picture src={src} alt="" />
        </div>
      )}
      <div className={styles.tipLine}>
        <span>sample</span>
        <span>
          <EditMark mark={marks.of(exampleId)} /> {exampleId}
        </span>
      </div>
      {names.map((name) => (
        <div key={name} className={styles.tipLine}>
          <span>{shortTitle(name, info)}</span>
          <span>{row ? valueText(row[name], info.columns.find((one) => one.name === name)) : "…"}</span>
        </div>
      ))}
    </div>
  );
}
