// What can be done now to the selected label or prediction, by a button or by a key.
import type { Dispatch } from "react";
import type { InstanceRef } from "../picture/draw.ts";
import type { Box, Instance } from "../picture/layers.ts";
import type { Interaction, InteractionEvent } from "./interaction.ts";
import { acceptedScore, type LabelEditing } from "./use-label-editing.ts";

/** Null where it is impossible now. */
export interface LabelCommands {
  addBox: (box: Box) => void;
  changeClass: (() => void) | null;
  remove: (() => void) | null;
  /** Makes the prediction a label. */
  accept: (() => void) | null;
}

interface CommandsProps {
  isEditing: boolean;
  editing: LabelEditing;
  selected: InstanceRef | null;
  /** What is selected; null where it is not there any more. */
  instance: Instance | null;
  isTruth: boolean;
  canChange: boolean;
  onSelect: (instance: InstanceRef | null) => void;
  interaction: Interaction;
  dispatch: Dispatch<InteractionEvent>;
}

export function labelCommands(props: CommandsProps): LabelCommands {
  const { isEditing, editing, selected, instance, isTruth, canChange, onSelect, interaction, dispatch } = props;
  const canAccept = isEditing && selected && instance && !isTruth;
  return {
    addBox: (box) => {
      const made = editing.add(box, interaction.lastClass ?? firstClass(editing));
      onSelect(made);
      dispatch({ type: "draw box", instance: made });
    },
    changeClass: canChange && selected ? () => dispatch({ type: "ask class", instance: selected }) : null,
    remove:
      canChange && selected
        ? () => {
            editing.remove(selected);
            onSelect(null);
          }
        : null,
    accept: canAccept ? () => onSelect(editing.accept(selected)) : acceptClass(props),
  };
}

/** The predicted class of a classification becomes the label. */
function acceptClass({ isEditing, editing }: CommandsProps): (() => void) | null {
  const score = acceptedScore(editing.layers);
  if (!isEditing || !score || !editing.isWritable(score.column)) return null;
  return () => editing.setValue(score.column, score.label, `${score.column} → ${score.name}`);
}

function firstClass({ boxColumn, categories }: LabelEditing): number | null {
  return (boxColumn ? categories(boxColumn)[0]?.id : null) ?? null;
}
