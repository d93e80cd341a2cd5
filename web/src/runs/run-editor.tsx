// What people write about a run: description, tags, notes.
import { useState } from "react";
import { patch, segments } from "../api.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { useToast } from "../parts/toast.tsx";
import type { Run, RunPatch, RunRow } from "../wire.ts";
import styles from "./run-editor.module.css";

interface RunEditorProps {
  /** null is closed. */
  run: RunRow | null;
  onClose: () => void;
  onSaved: (run: Run) => void;
}

export function RunEditor({ run, onClose, onSaved }: RunEditorProps) {
  return run ? <OpenEditor key={run.name} run={run} onClose={onClose} onSaved={onSaved} /> : null;
}

function OpenEditor({ run, onClose, onSaved }: RunEditorProps & { run: RunRow }) {
  const [description, setDescription] = useState(run.description);
  const [notes, setNotes] = useState(run.notes);
  const [tags, setTags] = useState(run.tags.join(", "));
  const [isSaving, setSaving] = useState(false);
  const toast = useToast();
  const save = async () => {
    setSaving(true);
    const change: RunPatch = { description, notes, tags: tagsOf(tags) };
    try {
      onSaved(await patch<Run>(`/api/runs/${segments(run.project, run.name)}`, change));
      onClose();
    } catch (error) {
      toast.fail("The run was not changed", error);
    } finally {
      setSaving(false);
    }
  };
  return (
    <FormDialog
      title={`About ${run.name}`}
      submit="Save"
      ready={!isSaving}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <label>
          Description
          <input value={description} onChange={(event) => setDescription(event.target.value)} />
        </label>
        <label>
          Tags, separated by commas
          <input value={tags} onChange={(event) => setTags(event.target.value)} />
        </label>
        <label>
          Notes
          <textarea value={notes} onChange={(event) => setNotes(event.target.value)} />
        </label>
      </div>
    </FormDialog>
  );
}

function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter(Boolean);
}
