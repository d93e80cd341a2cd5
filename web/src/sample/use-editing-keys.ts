// Labels edited by the keyboard alone.
import { middleBox, resized, shifted } from "../edit/geometry.ts";
import { instanceOf } from "../edit/use-edit-tool.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { DrawOptions, Place } from "../picture/draw.ts";
import type { Box } from "../picture/layers.ts";
import type { Extent } from "../picture/view.ts";
import { rowsOf } from "./instance-table.tsx";
import type { LabelEditing } from "./use-label-editing.ts";

interface KeysProps {
  isOn: boolean;
  editing: LabelEditing;
  options: Partial<DrawOptions>;
  extent: Extent;
  selected: Place | null;
  onSelect: (place: Place | null) => void;
  onDraw: () => void;
  onAdd: (box: Box) => void;
  onLabel: (() => void) | null;
  onRemove: (() => void) | null;
  onAccept: (() => void) | null;
}

const ARROWS: Record<string, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

export function useEditingKeys(props: KeysProps): void {
  const { isOn, editing, options, extent, selected, onSelect, onLabel, onRemove, onAccept } = props;
  const box = selected && editing.isWritable(selected.column) ? (instanceOf(editing.layers, selected)?.box ?? null) : null;
  const step = (by: number) => {
    const rows = rowsOf(editing.layers, options);
    const at = rows.findIndex(({ layer, one }) => layer.column === selected?.column && one.index === selected.index);
    const next = rows[(at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by + rows.length) % rows.length];
    if (next) onSelect({ column: next.layer.column, index: next.one.index });
  };
  const move = (by: [number, number], isSize: boolean) => {
    if (!selected || !box) return;
    const next = isSize ? resized(box, [2, 3], by, extent) : shifted(box, by, extent);
    editing.setBox(selected, next, `keys ${selected.column} ${selected.index} ${isSize}`);
  };
  const arrows = Object.entries(ARROWS).flatMap(([arrow, [x, y]]) => [
    { keys: arrow, by: [x, y], isSize: false },
    { keys: `shift+${arrow}`, by: [10 * x, 10 * y], isSize: false },
    { keys: `alt+${arrow}`, by: [x, y], isSize: true },
  ]);
  const words = (keys: string, isSize: boolean) => {
    const [far, name] = keys.includes("+") ? keys.split("+") : ["", keys];
    return isSize ? `Make the box larger or smaller: ${name}` : `Move the box ${far ? "ten pixels" : "a pixel"}: ${name}`;
  };
  const group = "Editing";
  useShortcuts([
    { keys: "]", description: "Select the next box", run: () => step(1), group },
    { keys: "[", description: "Select the box before", run: () => step(-1), group },
    { keys: "escape", description: "Select nothing", run: () => onSelect(null), group, disabled: !selected },
    { keys: "b", description: "Draw a box", run: props.onDraw, group, disabled: !isOn || !editing.boxColumn },
    { keys: "shift+b", description: "Put a box in the middle", run: () => props.onAdd(middleBox(extent)), group, disabled: !isOn || !editing.boxColumn },
    { keys: ["l", "enter"], description: "Give the box another class", run: () => onLabel?.(), group, disabled: !onLabel },
    { keys: "a", description: "Accept the prediction as a label", run: () => onAccept?.(), group, disabled: !onAccept },
    { keys: ["delete", "backspace"], description: "Delete the label", run: () => onRemove?.(), group, disabled: !onRemove },
    { keys: "x", description: "Remove the sample, or keep it", run: editing.toggleDeleted, group, disabled: !isOn },
    ...arrows.map(({ keys, by, isSize }) => ({
      keys,
      description: words(keys, isSize),
      run: () => move(by as [number, number], isSize),
      group,
      disabled: !isOn || !box,
    })),
  ]);
}
