// What can be done to the labels of a sample, as buttons that name their keys.
import { Check, SquarePlus, Tag, Trash2 } from "lucide-react";
import { Button } from "../parts/button.tsx";
import styles from "./edit-bar.module.css";

interface EditBarProps {
  isDrawing: boolean;
  canDraw: boolean;
  onDraw: () => void;
  /** Null where nothing is selected that can be changed. */
  onLabel: (() => void) | null;
  onRemove: (() => void) | null;
  onAccept: (() => void) | null;
  isDeleted: boolean;
  onDelete: () => void;
}

export function EditBar(props: EditBarProps) {
  const { isDrawing, canDraw, isDeleted } = props;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Edit the labels">
      {canDraw && (
        <Button small pressed={isDrawing} onClick={props.onDraw} title="Draw a box (B)">
          <SquarePlus size={13} /> Draw <kbd>B</kbd>
        </Button>
      )}
      <Button small disabled={!props.onLabel} onClick={props.onLabel ?? undefined} title="Another class (L)">
        <Tag size={13} /> Class <kbd>L</kbd>
      </Button>
      <Button small disabled={!props.onAccept} onClick={props.onAccept ?? undefined} title="Accept the prediction as a label (A)">
        <Check size={13} /> Accept <kbd>A</kbd>
      </Button>
      <Button small disabled={!props.onRemove} onClick={props.onRemove ?? undefined} title="Delete the label (Del)">
        <Trash2 size={13} /> Delete <kbd>Del</kbd>
      </Button>
      <Button small look="quiet" pressed={isDeleted} onClick={props.onDelete} title="Leave the whole sample out (X)">
        {isDeleted ? "Keep the sample" : "Remove the sample"} <kbd>X</kbd>
      </Button>
    </div>
  );
}
