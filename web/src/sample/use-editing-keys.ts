// Labels edited by the keyboard alone.
import { clampPoint, middleBox, resizeBox, shiftBox } from "../edit/geometry.ts";
import { nextVisibility, pointsOf } from "../edit/label-points.ts";
import { instanceOf } from "../edit/use-edit-tool.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { DrawOptions, InstanceRef } from "../picture/draw.ts";
import type { Extent } from "../picture/view.ts";
import { rowsOf } from "./instance-table.tsx";
import type { LabelCommands } from "./label-commands.ts";
import type { LabelEditing } from "./use-label-editing.ts";

interface KeysProps {
  isOn: boolean;
  editing: LabelEditing;
  options: Partial<DrawOptions>;
  extent: Extent;
  selected: InstanceRef | null;
  onSelect: (place: InstanceRef | null) => void;
  onDraw: () => void;
  commands: LabelCommands;
  /** The joint or corner of the selected label that keys move. */
  point: number | null;
  onPoint: (point: number | null) => void;
}

const ARROWS: Record<string, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

export function useEditingKeys(props: KeysProps): void {
  const { isOn, editing, options, extent, selected, point, onPoint, onSelect } = props;
  const { addBox, changeClass, remove, accept } = props.commands;
  const one = selected && editing.isWritable(selected.column) ? instanceOf(editing.layers, selected) : null;
  const box = one?.box ?? null;
  const points = pointsOf(one);
  const picked = point === null ? null : (points[point] ?? null);
  const joint = point !== null && selected ? one?.joints[point] : undefined;
  const step = (by: number) => {
    const rows = rowsOf(editing.layers, options);
    const at = rows.findIndex(({ layer, one }) => layer.column === selected?.column && one.index === selected.index);
    const next = rows[(at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by + rows.length) % rows.length];
    if (next) onSelect({ column: next.layer.column, index: next.one.index });
  };
  const move = (by: [number, number], isSize: boolean) => {
    if (!selected) return;
    if (picked?.isThere && point !== null && !isSize) {
      const to = clampPoint([picked.x + by[0], picked.y + by[1]], extent);
      return editing.setPoint(selected, point, to, `keys ${selected.column} ${selected.index} ${point}`);
    }
    if (!box) return;
    const next = isSize ? resizeBox(box, [2, 3], by, extent) : shiftBox(box, by, extent);
    editing.setBox(selected, next, `keys ${selected.column} ${selected.index} ${isSize}`);
  };
  const stepPoint = (by: number) => onPoint(((point ?? (by > 0 ? -1 : 0)) + by + points.length) % points.length);
  const arrows = Object.entries(ARROWS).flatMap(([arrow, [x, y]]) => [
    { keys: arrow, by: [x, y], isSize: false },
    { keys: `shift+${arrow}`, by: [10 * x, 10 * y], isSize: false },
    { keys: `alt+${arrow}`, by: [x, y], isSize: true },
  ]);
  const describeMove = (keys: string, isSize: boolean) => {
    const [far, name] = keys.includes("+") ? keys.split("+") : ["", keys];
    return isSize ? `Make the box larger or smaller: ${name}` : `Move the box or the point ${far ? "ten pixels" : "a pixel"}: ${name}`;
  };
  const group = "Editing";
  useShortcuts([
    { keys: "]", description: "Select the next box", run: () => step(1), group },
    { keys: "[", description: "Select the box before", run: () => step(-1), group },
    { keys: "escape", description: "Select nothing", run: () => (point === null ? onSelect(null) : onPoint(null)), group, disabled: !selected },
    { keys: ".", description: "Select the next joint or corner", run: () => stepPoint(1), group, disabled: !isOn || !points.length },
    { keys: ",", description: "Select the joint or corner before", run: () => stepPoint(-1), group, disabled: !isOn || !points.length },
    {
      keys: "v",
      description: "Joint: visible, hidden, not labelled",
      run: () => joint && point !== null && selected && editing.setVisibility(selected, point, nextVisibility(joint.visibility)),
      group,
      disabled: !isOn || !joint,
    },
    { keys: "b", description: "Draw a box", run: props.onDraw, group, disabled: !isOn || !editing.boxColumn },
    { keys: "shift+b", description: "Put a box in the middle", run: () => addBox(middleBox(extent)), group, disabled: !isOn || !editing.boxColumn },
    { keys: ["l", "enter"], description: "Give the box another class", run: () => changeClass?.(), group, disabled: !changeClass },
    { keys: "a", description: "Accept the prediction as a label", run: () => accept?.(), group, disabled: !accept },
    { keys: ["delete", "backspace"], description: "Delete the label", run: () => remove?.(), group, disabled: !remove },
    { keys: "x", description: "Exclude the sample, or include it again", run: editing.toggleDeleted, group, disabled: !isOn },
    ...arrows.map(({ keys, by, isSize }) => ({
      keys,
      description: describeMove(keys, isSize),
      run: () => move(by as [number, number], isSize),
      group,
      disabled: !isOn || !(box || picked),
    })),
  ]);
}
