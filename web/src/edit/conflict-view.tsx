// A base that is not the newest revision any more: what changed meanwhile, and what to do about it.
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { countWith } from "../parts/numbers.ts";
import type { CommitRequest, Conflict } from "../wire.ts";
import { ChangedSamples, describeDiff } from "./changed-samples.tsx";
import styles from "./conflict-view.module.css";
import { type Edits, toCommit } from "./edits.ts";
import { remainingEdits, splitCollisions } from "./remaining-edits.ts";
import { commitSummary } from "./commit-summary.ts";

interface ConflictViewProps {
  conflict: Conflict;
  edits: Edits;
  isBusy: boolean;
  problem: string | null;
  onClose: () => void;
  onApply: (more: Partial<CommitRequest>) => void;
  /** Nothing is left to commit: discards the edits. */
  onDiscard: () => void;
}

export function ConflictView({ conflict, edits, isBusy, problem, onClose, onApply, onDiscard }: ConflictViewProps) {
  const { newest, changes, collisions } = conflict;
  const { base } = edits;
  const [who, setWho] = useState<"theirs" | "mine">("theirs");
  const { both, gone } = splitCollisions(collisions);
  const left = remainingEdits(toCommit(edits), collisions, who);
  const isNothing = !left.edits.length && !left.delete.length;
  const apply = () => onApply({ onto: newest, collisions: collisions.length ? who : "refuse" });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`Newer revision ${newest.table} exists`}
      actions={
        <>
          <Button onClick={onClose}>Keep editing</Button>
          <Button variant="primary" disabled={isBusy} onClick={isNothing ? onDiscard : apply}>
            {isNothing ? "Discard my edits" : `Apply my edits to ${newest.table}`}
          </Button>
        </>
      }
    >
      <div className={styles.view}>
        <p>
          You edited <b>{base.table}</b>; since then {describeDiff(changes)}. Nothing of it is overwritten.
        </p>
        {both.length > 0 && (
          <fieldset className={styles.choice}>
            <legend>
              {countWith(both.length, "sample")} {both.length === 1 ? "was" : "were"} changed by both. Resolve conflict:
            </legend>
            <label>
              <input type="radio" name="who" checked={who === "theirs"} onChange={() => setWho("theirs")} />
              What is in {newest.table}; my edits of {both.length === 1 ? "this sample" : "these samples"} are dropped
            </label>
            <label>
              <input type="radio" name="who" checked={who === "mine"} onChange={() => setWho("mine")} />
              My edits; the other samples stay as they are in {newest.table}
            </label>
          </fieldset>
        )}
        {gone.length > 0 && (
          <p>
            {countWith(gone.length, "sample")} that you edited {gone.length === 1 ? "was" : "were"} removed there and{" "}
            {gone.length === 1 ? "stays" : "stay"} removed.
          </p>
        )}
        {!collisions.length && <p className={styles.note}>None of your edits is about a sample that changed.</p>}
        <p role="status">
          {isNothing
            ? `Nothing of your edits is left to commit: ${newest.table} stays the newest revision.`
            : `${commitSummary(left)} will be applied.`}
        </p>
        {problem && <p role="alert">{problem}</p>}
        <ChangedSamples base={base} other={newest} samples={collisions.length ? collisions : changes.samples} edits={collisions.length ? edits : null} />
      </div>
    </Dialog>
  );
}
