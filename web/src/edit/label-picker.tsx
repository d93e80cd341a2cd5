// Chooses a class by typing some of its name: as quick with 80 classes as with three.
import { useMemo, useState } from "react";
import { colorOf } from "../charts/scales/colors.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Input } from "../parts/input.tsx";
import type { Category } from "../wire.ts";
import { searchClasses } from "./search-classes.ts";
import styles from "./label-picker.module.css";

interface LabelPickerProps {
  title: string;
  categories: readonly Category[];
  current: number | null;
  onPick: (label: number) => void;
  onClose: () => void;
}

export function LabelPicker({ title, categories, current, onPick, onClose }: LabelPickerProps) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => searchClasses(categories, text), [categories, text]);
  const place = Math.min(at, found.length - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) setAt(Math.max(0, Math.min(place + by, found.length - 1)));
    else if (event.key === "Enter" && found[place]) onPick(found[place].id);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onClose={onClose} title={title}>
      <div className={styles.picker}>
        <Input
          label="Class"
          hideLabel
          placeholder="Search classes"
          value={text}
          data-autofocus
          autoComplete="off"
          role="combobox"
          aria-expanded
          aria-controls="label-picker-list"
          aria-activedescendant={found[place] ? `label-${found[place].id}` : undefined}
          onChange={(next) => {
            setText(next);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: keys are those of the text field */}
        <ul id="label-picker-list" role="listbox" aria-label="Classes" className={styles.list}>
          {found.map((category, row) => (
            // biome-ignore lint/a11y/useFocusableInteractive: keys are those of the text field
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the text field
            <li
              key={category.id}
              id={`label-${category.id}`}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: keys are those of the text field
              role="option"
              aria-selected={row === place}
              ref={row === place ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              className={styles.option}
              onClick={() => onPick(category.id)}
            >
              <span className={styles.swatch} style={{ background: colorOf(category, categories.indexOf(category)) }} />
              {category.name}
              {category.id === current && <span className={styles.now}>now</span>}
            </li>
          ))}
        </ul>
        {!found.length && <p className={styles.none}>No matching class.</p>}
      </div>
    </Dialog>
  );
}
