// Says of a sample in a list that it has edits which nobody has committed.
import { Pencil, Trash2 } from "lucide-react";
import styles from "./edit-mark.module.css";
import type { EditMarkKind } from "./apply-edits.ts";

/** `isBare` where there is room for a sign only; its word is then for those who cannot see it. */
export function EditMark({ mark, isBare = false }: { mark: EditMarkKind | null; isBare?: boolean }) {
  if (!mark) return null;
  const Icon = mark === "removed" ? Trash2 : Pencil;
  return (
    <span className={styles.mark} data-mark={mark} title={mark === "removed" ? "Removed, not committed yet" : "Edited, not committed yet"}>
      <Icon size={11} aria-hidden />
      <span className={isBare ? "visually-hidden" : undefined}>{mark}</span>
    </span>
  );
}
