// What can be done to the labels of a sample, as buttons that name their keys.
import { Check, SquarePlus, Tag, Trash2 } from "lucide-react";
import { Button } from "../parts/button.tsx";
import styles from "./edit-bar.module.css";
import type { LabelCommands } from "./label-commands.ts";

interface EditBarProps {
  isDrawing: boolean;
  canDraw: boolean;
  onDraw: () => void;
  commands: LabelCommands;
  isDeleted: boolean;
  onDelete: () => void;
}

export function EditBar(props: EditBarProps) {
  const { isDrawing, canDraw, isDeleted } = props;
  const { changeClass, accept, remove } = props.commands;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Edit the labels">
      {canDraw && (
        <Button small pressed={isDrawing} onClick={props.onDraw} title="Draw a box (B)">
          <SquarePlus size={13} /> Draw <kbd>B</kbd>
        </Button>
      )}
      <Button small disabled={!changeClass} onClick={changeClass ?? undefined} title="Another class (L)">
        <Tag size={13} /> Class <kbd>L</kbd>
      </Button>
      <Button small disabled={!accept} onClick={accept ?? undefined} title="Accept the prediction as a label (A)">
        <Check size={13} /> Accept <kbd>A</kbd>
      </Button>
      <Button small disabled={!remove} onClick={remove ?? undefined} title="Delete the label (Del)">
        <Trash2 size={13} /> Delete <kbd>Del</kbd>
      </Button>
      <Button small variant="quiet" pressed={isDeleted} onClick={props.onDelete} title="Leave the whole sample out (X)">
        {isDeleted ? "Include sample" : "Exclude sample"} <kbd>X</kbd>
      </Button>
    </div>
  );
}
