// Single values of a sample that people may change: weight, label, numbers, text.
import { useEffect, useState } from "react";
import { Input } from "../parts/input.tsx";
import { Select } from "../parts/select.tsx";
import type { Column, SourceInfo } from "../wire.ts";
import type { LabelEditing } from "./use-label-editing.ts";
import styles from "./values-editor.module.css";

/** What an image is, and nobody's opinion. */
const FACTS = ["width", "height", "image_id"];

export function ValuesEditor({ info, editing }: { info: SourceInfo; editing: LabelEditing }) {
  const columns = info.columns.filter(
    ({ name, role }) => !FACTS.includes(name) && ["number", "category", "bool", "text"].includes(role) && editing.isWritable(name) && !/\.count$/.test(name),
  );
  if (!columns.length) return null;
  return (
    <div className={styles.editor}>
      {columns.map((column) => (
        <Value key={column.name} column={column} editing={editing} />
      ))}
    </div>
  );
}

function Value({ column, editing }: { column: Column; editing: LabelEditing }) {
  const value = editing.values[column.name];
  const set = (next: unknown, words: string) => editing.setValue(column.name, next, `${column.name} ${words}`);
  if (column.role === "category" && column.categories) {
    const options = column.categories.map(({ id, name }) => ({ value: String(id), label: name }));
    const none = { value: "", label: "none" };
    const nameOf = (id: string) => options.find((one) => one.value === id)?.label ?? "none";
    return (
      <Select
        label={column.name}
        value={String(value ?? "")}
        options={[none, ...options]}
        onChange={(id) => set(id === "" ? null : Number(id), `→ ${nameOf(id)}`)}
      />
    );
  }
  if (column.role === "bool") {
    const options = [{ value: "true", label: "yes" }, { value: "false", label: "no" }];
    return <Select label={column.name} value={String(value)} options={options} onChange={(next) => set(next === "true", next === "true" ? "yes" : "no")} />;
  }
  return <Typed column={column} value={value} onSet={set} />;
}

/** Takes effect when it is left or with Enter; what is no number is put back. */
function Typed({ column, value, onSet }: { column: Column; value: unknown; onSet: (next: unknown, words: string) => void }) {
  const now = value === null || value === undefined ? "" : String(value);
  const [text, setText] = useState(now);
  useEffect(() => setText(now), [now]);
  const take = () => {
    if (text === now) return;
    if (column.role === "text") return onSet(text, `“${text}”`);
    const number = text.trim() === "" ? null : Number(text.replace(",", "."));
    if (number !== null && !Number.isFinite(number)) return setText(now);
    onSet(number, number === null ? "none" : String(number));
  };
  return (
    <Input
      label={column.name}
      value={text}
      onChange={setText}
      inputMode={column.role === "number" ? "decimal" : undefined}
      onBlur={take}
      onKeyDown={(event) => event.key === "Enter" && take()}
    />
  );
}
