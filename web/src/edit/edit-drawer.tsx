// The list of edits that nobody has committed: undo, redo, discard, commit.
import { Redo2, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { filtersToText } from "../filters/text-form.ts";
import { tablePage, tableSamplePage } from "../address/pages.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { countWith } from "../parts/numbers.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import { Picture } from "../picture/picture.tsx";
import { imageUrl } from "../data/image-url.ts";
import type { SourceInfo, TableSource } from "../wire.ts";
import { CommitDialog } from "./commit-dialog.tsx";
import styles from "./edit-drawer.module.css";
import { editedNow, samplesOf, type Step } from "./edits.ts";
import type { EditSession } from "./use-edits.ts";

interface EditDrawerProps {
  session: EditSession;
  /** Of the Table that is edited; null while it comes. */
  info: SourceInfo | null;
  onCommitted: (table: TableSource) => void;
}

export function EditDrawer({ session, info, onCommitted }: EditDrawerProps) {
  const [isCommitting, setCommitting] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const { edits, isVolatile } = session;
  const { base, done, undone } = edits;
  const ids = [...editedNow(edits)];
  const count = ids.length;
  const filters = filtersToText([{ kind: "rows", example_ids: ids }]);
  useEditShortcuts(session, () => count > 0 && setCommitting(true));
  return (
    <section className={styles.drawer} aria-label="Unsaved edits" aria-busy={session.isWriting}>
      <div className={styles.head}>
        <h2>Unsaved edits</h2>
        <IconButton label="Undo" keys="Ctrl Z" small disabled={!done.length} onClick={session.undo}>
          <Undo2 size={14} />
        </IconButton>
        <IconButton label="Redo" keys="Ctrl Shift Z" small disabled={!undone.length} onClick={session.redo}>
          <Redo2 size={14} />
        </IconButton>
        <IconButton label="Discard all" small disabled={!done.length && !undone.length} onClick={() => setDiscarding(true)}>
          <Trash2 size={14} />
        </IconButton>
      </div>
      {isVolatile && <p className={styles.warning}>This browser keeps nothing: a reload loses them.</p>}
      {done.length ? (
        <ol className={styles.steps} tabIndex={0} aria-label="Edits, the newest first">
          {[...done].reverse().map((step, at) => (
            <StepLine key={done.length - at} step={step} base={base} info={info} />
          ))}
        </ol>
      ) : (
        <p className={styles.none}>Nothing is changed. What you edit waits here, and nothing is written before you commit it.</p>
      )}
      <div className={styles.foot}>
        <span className={styles.count}>
          {count ? (
            <Link href={tablePage(base.project, base.dataset, base.table, { f: filters })} title="Show exactly these samples">
              {countWith(count, "sample")}
            </Link>
          ) : (
            "no sample"
          )}{" "}
          of <b>{base.table}</b>
        </span>
        <Button variant="primary" small disabled={!count} onClick={() => setCommitting(true)}>
          Commit …
        </Button>
      </div>
      {isCommitting && <CommitDialog session={session} onClose={() => setCommitting(false)} onCommitted={onCommitted} />}
      <Dialog
        open={isDiscarding}
        onClose={() => setDiscarding(false)}
        title="Discard all unsaved edits?"
        actions={
          <>
            <Button onClick={() => setDiscarding(false)}>Keep them</Button>
            <Button
              variant="danger"
              onClick={() => {
                session.discard();
                setDiscarding(false);
              }}
            >
              Discard
            </Button>
          </>
        }
      >
        {countWith(done.length, "edit")} of {countWith(count, "sample")} will be gone. This cannot be undone.
      </Dialog>
    </section>
  );
}

function StepLine({ step, base, info }: { step: Step; base: TableSource; info: SourceInfo | null }) {
  const samples = samplesOf(step);
  const [first] = samples;
  if (first === undefined) return null;
  const isOne = samples.length === 1;
  const href = tableSamplePage(base.project, base.dataset, base.table, first, { edit: "1" });
  return (
    <li>
      <Link href={href} className={styles.step}>
        <span className={styles.image}>
          <Picture src={imageUrl(info, first, 64)} alt="" />
        </span>
        <span className={styles.words}>
          <span className={styles.title}>{step.title}</span>
          <span className={styles.where}>{isOne ? `sample ${first}` : countWith(samples.length, "sample")}</span>
        </span>
      </Link>
    </li>
  );
}

function useEditShortcuts(session: EditSession, commit: () => void): void {
  useShortcuts([
    { keys: "mod+z", description: "Undo the last edit", run: session.undo, group: "Editing", disabled: !session.edits.done.length },
    { keys: ["mod+shift+z", "mod+y"], description: "Redo", run: session.redo, group: "Editing", disabled: !session.edits.undone.length },
    { keys: "mod+s", description: "Commit the edits", run: commit, group: "Editing" },
  ]);
}
