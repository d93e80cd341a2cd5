// Samples that differ between two revisions, before and after, as pictures with their labels.
import { useEffect, useMemo, useState } from "react";
import { imageUrl } from "../data/image-url.ts";
import { loadRowsById } from "../data/load-rows.ts";
import { useSourceInfo } from "../data/source-info.ts";
import { useResource } from "../data/use-resource.ts";
import { extentOf, layersOf, type Values } from "../picture/layers.ts";
import { Picture } from "../picture/picture.tsx";
import { Button } from "../parts/button.tsx";
import { countWith } from "../parts/numbers.ts";
import type { ChangedSample, SourceInfo, TableDiff, TableSource } from "../wire.ts";
import styles from "./changed-samples.module.css";
import { deletedNow, type Edits, toCommit, valuesNow } from "./edits.ts";
import { describeLabelChanges } from "./label-changes.ts";

interface ChangedSamplesProps {
  base: TableSource;
  other: TableSource;
  samples: readonly ChangedSample[];
  /** Edits of the base, shown as a third side. */
  edits?: Edits | null;
}

const STEP = 12;

export function ChangedSamples({ base, other, samples, edits = null }: ChangedSamplesProps) {
  const [shown, setShown] = useState(STEP);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its start
  useEffect(() => setShown(STEP), [samples]);
  const part = useMemo(() => samples.slice(0, shown), [samples, shown]);
  const before = useSide(base, part, "base_example_id");
  const after = useSide(other, part, "other_example_id");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its start
  const mine = useMemo(() => (edits ? applyMyEdits(before, edits) : null), [before.rows, before.info, edits]);
  if (!samples.length) return null;
  return (
    <>
      <ul className={styles.list} tabIndex={0} aria-label="Samples that differ">
        {part.map((sample) => (
          <li key={`${sample.base_example_id} ${sample.other_example_id}`} className={styles.sample} data-sides={mine ? 3 : 2}>
            <Side title={mine ? base.table : "before"} side={before} id={sample.base_example_id} missing="not there" />
            <Side title={mine ? other.table : "after"} side={after} id={sample.other_example_id} missing="removed" />
            {mine && <Side title="my edits" side={mine} id={isRemoved(edits, sample) ? null : sample.base_example_id} missing="removed by me" />}
            <p className={styles.words}>
              {describeSample(sample)}
              {describeLabelChanges(before, after, sample).map((line) => (
                <span key={line}>{line}</span>
              ))}
              {mine && edits && describeMyEdits(before, mine, sample, edits).map((line) => <span key={`mine ${line}`}>Mine: {line}</span>)}
            </p>
          </li>
        ))}
      </ul>
      {shown < samples.length && (
        <Button small onClick={() => setShown(shown + STEP)}>
          Show more of {samples.length}
        </Button>
      )}
    </>
  );
}

export interface SideRows {
  info: SourceInfo | null;
  rows: Map<number, Values>;
}

function Side({ title, side, id, missing }: { title: string; side: SideRows; id: number | null; missing: string }) {
  const values = id === null ? null : side.rows.get(id);
  const { info } = side;
  const src = id === null ? null : imageUrl(info, id, 256);
  const layers = useMemo(() => (info && values ? layersOf(info, values) : []), [info, values]);
  return (
    <figure className={styles.side}>
      <div className={styles.frame}>
        {id === null ? <span className={styles.missing}>{missing}</span> : <Picture src={src} alt={`sample ${id} ${title}`} layers={layers} extent={info && values ? extentOf(info, values) : null} />}
      </div>
      <figcaption>{id === null ? title : `${title} · ${id}`}</figcaption>
    </figure>
  );
}

function useSide(table: TableSource, samples: readonly ChangedSample[], key: "base_example_id" | "other_example_id"): SideRows {
  const ids = samples.flatMap((sample) => sample[key] ?? []);
  const name = `${table.project}/${table.dataset}/${table.table}`;
  const info = useSourceInfo(table);
  const rows = useResource<Map<number, Values>>(
    ids.length ? `${name} ${ids}` : null,
    (signal) => loadRowsById(table, ids, signal),
    { keep: true },
  );
  return { info: info.data, rows: rows.data ?? new Map() };
}

function applyMyEdits({ info, rows }: SideRows, edits: Edits): SideRows {
  return { info, rows: new Map([...rows].map(([id, values]) => [id, valuesNow(edits, id, values)])) };
}

function describeMyEdits(before: SideRows, mine: SideRows, { base_example_id: id }: ChangedSample, edits: Edits): string[] {
  if (id === null || deletedNow(edits).has(id)) return ["removed"];
  const columns = toCommit(edits).edits.flatMap(({ example_id, column }) => (example_id === id ? [column] : []));
  const lines = describeLabelChanges(before, mine, { base_example_id: id, other_example_id: id, columns });
  return lines.length ? lines : [columns.join(", ")];
}

function isRemoved(edits: Edits | null, { base_example_id: id }: ChangedSample): boolean {
  return Boolean(edits && id !== null && deletedNow(edits).has(id));
}

function describeSample({ base_example_id, other_example_id, columns }: ChangedSample): string {
  if (base_example_id === null) return "Added";
  if (other_example_id === null) return "Removed";
  return `Changed: ${columns.join(", ")}`;
}

/** `3 samples changed (bbs 2, weight 1), 1 was removed`. */
export function describeDiff({ added, removed, changed, columns }: TableDiff): string {
  const each = Object.entries(columns).map(([name, count]) => `${name} ${count}`);
  const parts = [
    changed ? `${countWith(changed, "sample")} changed (${each.join(", ")})` : "",
    removed ? `${countWith(removed, "sample")} ${removed === 1 ? "was" : "were"} removed` : "",
    added ? `${countWith(added, "sample")} ${added === 1 ? "was" : "were"} added` : "",
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : "nothing differs";
}
