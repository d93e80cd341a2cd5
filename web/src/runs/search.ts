// Words that select runs: `yolo`, `optimizer:AdamW`, `mAP>0.5`, `-status:failed`; all of them must hold.
import type { RunRow } from "../wire.ts";
import type { Field, FieldValue } from "./field.ts";

interface Term {
  field: string | null;
  sign: ":" | ">" | "<";
  value: string;
  isNot: boolean;
}

export function parseSearch(query: string): Term[] {
  return (query.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => {
    const isNot = word.length > 1 && word.startsWith("-");
    const [, field = null, sign = ":", value = ""] =
      /^([^:<>"]+)([:<>])(.*)$/.exec(isNot ? word.slice(1) : word) ?? [];
    const text = field === null ? (isNot ? word.slice(1) : word) : value;
    return { field, sign: sign as Term["sign"], value: text.replaceAll('"', ""), isNot };
  });
}

export function matchesSearch(run: RunRow, terms: readonly Term[], fields: readonly Field[]): boolean {
  return terms.every((term) => hasTerm(run, term, fields) !== term.isNot);
}

function hasTerm(run: RunRow, term: Term, fields: readonly Field[]): boolean {
  if (term.field === null) return texts(run).some((text) => contains(text, term.value));
  if (term.field === "name") return contains(run.name, term.value);
  const wanted = term.field.toLowerCase();
  const meant = fields.filter((field) => isMeant(field, wanted));
  return meant.some((field) => matchesTerm(field.value(run), term));
}

/** The end of a path or of a label is enough: `tag`, `initial_lr`, `mAP@0.50`. */
function isMeant(field: Field, wanted: string): boolean {
  const name = field.label.toLowerCase();
  return field.id === wanted || name.endsWith(wanted) || name === `${wanted}s`;
}

function matchesTerm(value: FieldValue, term: Term): boolean {
  if (term.sign === ":") return contains(String(value ?? "none"), term.value);
  if (typeof value !== "number" || term.value === "") return false;
  return term.sign === ">" ? value > Number(term.value) : value < Number(term.value);
}

function texts(run: RunRow): string[] {
  return [run.name, run.description, run.notes, run.status, ...run.tags];
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
