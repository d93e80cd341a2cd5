// Makes a revision of the edits; a stale base leads to what changed meanwhile.
import { useState } from "react";
import { ApiError, post } from "../api.ts";
import { errorText } from "../parts/error-text.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Input } from "../parts/input.tsx";
import { countWith } from "../parts/numbers.ts";
import { useToast } from "../parts/toast.tsx";
import type { CommitRequest, Committed, Conflict, TableSource } from "../wire.ts";
import styles from "./commit-dialog.module.css";
import { ConflictView } from "./conflict-view.tsx";
import { toCommit } from "./edits.ts";
import { commitSummary } from "./commit-summary.ts";
import type { EditSession } from "./use-edits.ts";

interface CommitDialogProps {
  session: EditSession;
  onClose: () => void;
  onCommitted: (table: TableSource) => void;
}

export function CommitDialog({ session, onClose, onCommitted }: CommitDialogProps) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { show } = useToast();
  // What this dialog is about: another window may go on editing meanwhile.
  const [edits] = useState(session.edits);
  const { base } = edits;
  const made = toCommit(edits);

  const commit = async (more: Partial<CommitRequest> = {}) => {
    setBusy(true);
    setProblem(null);
    const request: CommitRequest = { base, ...made, name: name.trim() || null, description, ...more };
    try {
      const { table, rows } = await post<Committed>("/api/commit", request);
      session.committed(edits.done);
      show({ title: `Committed: ${table.table}`, detail: `${countWith(rows, "sample")} in the new revision.` });
      onClose();
      onCommitted(table);
    } catch (error) {
      if (isConflict(error)) return setConflict(error.body as Conflict);
      setProblem(errorText(error));
      // The revision that the edits were to go onto was removed: the next commit finds another one.
      if (request.onto && error instanceof ApiError && error.status === 404) setConflict(null);
    } finally {
      setBusy(false);
    }
  };

  if (conflict) {
    const discard = () => {
      session.committed(edits.done);
      show({ title: `Nothing was left to commit`, detail: `${conflict.newest.table} is the newest revision.` });
      onClose();
      onCommitted(conflict.newest);
    };
    return <ConflictView {...{ conflict, edits, isBusy, problem, onClose }} onApply={commit} onDiscard={discard} />;
  }
  return (
    <FormDialog
      title="Commit the edits"
      submit="Commit"
      ready={!isBusy}
      onSubmit={() => void commit()}
      onClose={onClose}
    >
      <p className={styles.what}>
        {commitSummary(made)} become a new revision of <b>{base.table}</b>, which stays as it is.
      </p>
      <Input label="Name" value={name} onChange={setName} placeholder="a free one is found" data-autofocus autoComplete="off" />
      <Input label="Why" value={description} onChange={setDescription} placeholder="labels of the fish corrected" autoComplete="off" />
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </FormDialog>
  );
}

function isConflict(error: unknown): error is ApiError {
  const body = error instanceof ApiError ? error.body : null;
  return Boolean(body && typeof body === "object" && "newest" in body);
}
