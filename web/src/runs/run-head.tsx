import { ChevronDown, ChevronRight, Code as CodeIcon, Pencil } from "lucide-react";
import { useState } from "react";
import { Status } from "../parts/badge.tsx";
import { Button } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import { useCopy } from "../parts/code.tsx";
import page from "../parts/page-head.module.css";
import { ago, duration, moment } from "../parts/times.ts";
import type { Run, RunRow } from "../wire.ts";
import { Tags } from "./run-cell.tsx";
import { RunEditor } from "./run-editor.tsx";
import styles from "./run-head.module.css";
import { runCode } from "./run-code.ts";

interface RunHeadProps {
  run: Run;
  onSaved: (run: Run) => void;
}

/** Which run it is, how it went, and what people wrote about it. */
export function RunHead({ run: { row }, onSaved }: RunHeadProps) {
  const [isEditing, setEditing] = useState(false);
  const copy = useCopy();
  return (
    <header className={page.head}>
      <div className={page.top}>
        <h2>{row.name}</h2>
        <Status status={row.status} />
        <span className={page.facts} title={moment(row.created)}>
          {ago(row.created)}
          {row.duration_s !== null && ` · ${duration(row.duration_s)}`}
        </span>
        <Tags tags={row.tags} />
        <span className={page.space} />
        <Button small onClick={() => copy(runCode(row), "Python that opens this run")}>
          <CodeIcon size={14} />
          Copy as Python
        </Button>
        <Button small onClick={() => setEditing(true)}>
          <Pencil size={13} />
          Notes and tags
        </Button>
      </div>
      {row.description && <p className={page.words}>{row.description}</p>}
      {row.notes && <p className={classNames(page.words, styles.notes)}>{row.notes}</p>}
      <Failure row={row} />
      <RunEditor run={isEditing ? row : null} onClose={() => setEditing(false)} onSaved={onSaved} />
    </header>
  );
}

/** Why it failed, in full; it can be folded away to make room for what was collected. */
function Failure({ row }: { row: RunRow }) {
  const [isOpen, setOpen] = useState(true);
  const why = row.problem ?? row.error ?? (row.status === "failed" ? GONE : null);
  const text = [why, row.collection_failures].filter(Boolean).join("\n");
  if (!text) return null;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className={styles.error} aria-label="Why the run failed" tabIndex={0}>
      <h3>
        <Button
          small
          variant="quiet"
          aria-expanded={isOpen}
          className={styles.fold}
          onClick={() => setOpen(!isOpen)}
        >
          <Arrow size={14} />
          {row.status === "failed" ? "The run failed" : "A problem of this run"}
        </Button>
      </h3>
      {isOpen && <pre>{text}</pre>}
    </section>
  );
}

const GONE = "Its process ended without a word: it was killed, or the machine stopped.";
