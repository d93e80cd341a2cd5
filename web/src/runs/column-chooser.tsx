import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Input } from "../parts/input.tsx";
import styles from "./column-chooser.module.css";
import type { Field } from "./field.ts";

interface ColumnChooserProps {
  open: boolean;
  onClose: () => void;
  fields: Field[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Back to what is shown to somebody who has chosen nothing. */
  onReset: () => void;
}

const GROUPS = ["Run", "Metrics", "Hyperparameters"] as const;

export function ColumnChooser(props: ColumnChooserProps) {
  const { open, onClose, chosen, onChange, onReset } = props;
  const [wanted, setWanted] = useState("");
  const fields = props.fields.filter(
    (field) => field.id !== "status" && field.label.toLowerCase().includes(wanted.toLowerCase()),
  );
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Columns"
      wide
      actions={
        <>
          <Button onClick={onReset}>Usual columns</Button>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className={styles.top}>
        <Input
          label="Search columns"
          hideLabel
          placeholder="Search columns"
          type="search"
          className={styles.search}
          value={wanted}
          onChange={setWanted}
        />
      </div>
      <div className={styles.list}>
        {GROUPS.map((group) => {
          const members = fields.filter((field) => field.group === group);
          return members.length ? (
            <fieldset key={group}>
              <legend>{group}</legend>
              {members.map((field) => (
                <label key={field.id}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(field.id)}
                    onChange={() => toggle(field.id)}
                  />
                  <span>{field.label}</span>
                </label>
              ))}
            </fieldset>
          ) : null;
        })}
      </div>
    </Dialog>
  );
}
