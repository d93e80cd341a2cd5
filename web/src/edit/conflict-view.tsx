// A base that is not the newest revision any more: what changed meanwhile, and what to do about it.
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { counted } from "../parts/numbers.ts";
import type { CommitRequest, Conflict, TableSource } from "../wire.ts";
import { ChangedSamples, diffWords } from "./changed-samples.tsx";
import styles from "./conflict-view.module.css";

interface ConflictViewProps {
  conflict: Conflict;
  base: TableSource;
  isBusy: boolean;
  problem: string | null;
  onClose: () => void;
  onApply: (more: Partial<CommitRequest>) => void;
}

export function ConflictView({ conflict, base, isBusy, problem, onClose, onApply }: ConflictViewProps) {
  const { newest, changes, collisions } = conflict;
  const [who, setWho] = useState<"theirs" | "mine">("theirs");
  const apply = () => onApply({ onto: newest, collisions: collisions.length ? who : "refuse" });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Meanwhile ${newest.table} was committed`}
      actions={
        <>
          <Button onClick={onClose}>Keep editing</Button>
          <Button look="primary" disabled={isBusy} onClick={apply}>
            Apply my edits to {newest.table}
          </Button>
        </>
      }
    >
      <div className={styles.view}>
        <p>
          You edited <b>{base.table}</b>; since then {diffWords(changes)}. Nothing of it is overwritten.
        </p>
        {collisions.length > 0 ? (
          <fieldset className={styles.choice}>
            <legend>
              {counted(collisions.length, "sample")} {collisions.length === 1 ? "was" : "were"} changed by both. What counts?
            </legend>
            <label>
              <input type="radio" name="who" checked={who === "theirs"} onChange={() => setWho("theirs")} />
              What is in {newest.table}; my edits of these samples are dropped
            </label>
            <label>
              <input type="radio" name="who" checked={who === "mine"} onChange={() => setWho("mine")} />
              My edits; a sample that was removed stays removed
            </label>
          </fieldset>
        ) : (
          <p className={styles.calm}>None of your edits is about a sample that changed.</p>
        )}
        {problem && <p role="alert">{problem}</p>}
        <ChangedSamples base={base} other={newest} samples={collisions.length ? collisions : changes.samples} />
      </div>
    </Dialog>
  );
}
