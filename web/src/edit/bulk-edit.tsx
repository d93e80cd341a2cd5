// Edits all selected samples in one go: classes of boxes, values, removal.
import { Layers } from "lucide-react";
import { useState } from "react";
import { rows as fetchRows } from "../api.ts";
import type { Selection } from "../data/selection.ts";
import { Button } from "../parts/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Input } from "../parts/input.tsx";
import { countWith, wholeNumber } from "../parts/numbers.ts";
import { type Option, Select } from "../parts/select.tsx";
import { useToast } from "../parts/toast.tsx";
import { categoriesOf } from "../picture/layers.ts";
import { KINDS } from "../picture/kinds.ts";
import type { Column, Source, SourceInfo } from "../wire.ts";
import { type Accepting, type Bulk, bulkStep, bulkTitle } from "./bulk-step.ts";
import { ACCEPTED, acceptPredictions } from "./bulk-accept.ts";
import styles from "./commit-dialog.module.css";
import type { EditSession } from "./use-edits.ts";

interface BulkEditProps {
  selection: Selection;
  /** Of the Table that is edited. */
  info: SourceInfo;
  /** Of the collection that the selection is of; null where it is of the Table itself. */
  seen?: SourceInfo | null;
  session: EditSession;
}

const PAGE = 1000;
const MOST = 20_000;

export function BulkEdit({ selection, info, seen = null, session }: BulkEditProps) {
  const [isOpen, setOpen] = useState(false);
  const { count } = selection;
  return (
    <>
      <Button small disabled={!session.isReady || !count} onClick={() => setOpen(true)}>
        <Layers size={13} />
        Bulk edit …
      </Button>
      {isOpen && <BulkDialog {...{ selection, info, seen, session }} onClose={() => setOpen(false)} />}
    </>
  );
}

function BulkDialog({ selection, info, seen = null, session, onClose }: BulkEditProps & { onClose: () => void }) {
  const pair = seen && pairOf(seen, info);
  const kinds = kindsOf(info, pair);
  const [kind, setKind] = useState(kinds[0]?.value ?? "remove");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { show, fail } = useToast();
  const [what, name] = split(kind);
  const column = info.columns.find((one) => one.name === name) ?? null;
  const bulk = bulkOf(what, column, from, to);
  const accepting: Accepting | null =
    pair && bulk?.what === "accept" ? (value, row) => acceptPredictions(value, row, pair, bulk) : null;
  const isTooMuch = (selection.count ?? 0) > MOST;
  const apply = async () => {
    if (!bulk) return;
    setBusy(true);
    try {
      const wanted = bulk.what === "remove" ? [] : [bulk.column];
      const rows = await allRows(selection, info.source, wanted, accepting && pair ? pair.predicted : null);
      const step = bulkStep(bulk, rows, session.edits, bulkTitle(bulk, column, rows.length), accepting);
      if (step) session.add(step);
      else show({ title: "Nothing to change", detail: "No selected sample has such a label." });
      onClose();
    } catch (error) {
      fail("The samples could not be edited", error);
    } finally {
      setBusy(false);
    }
  };
  const choose = (next: string) => {
    setKind(next);
    setFrom("");
    setTo("");
  };
  return (
    <FormDialog
      title={`Edit ${countWith(selection.count ?? 0, "sample")}`}
      submit="Apply"
      ready={Boolean(bulk) && !isBusy && !isTooMuch}
      onSubmit={() => void apply()}
      onClose={onClose}
    >
      <Select label="Action" value={kind} options={kinds} onChange={choose} />
      <Fields what={what} column={column} from={from} to={to} onFrom={setFrom} onTo={setTo} />
      {isTooMuch && <p className={styles.problem}>At most {wholeNumber(MOST)} samples at once: select fewer.</p>}
      <p className={styles.what}>Nothing is written before you commit; it can be undone in one step.</p>
    </FormDialog>
  );
}

interface FieldsProps {
  what: string;
  column: Column | null;
  from: string;
  to: string;
  onFrom: (from: string) => void;
  onTo: (to: string) => void;
}

function Fields({ what, column, from, to, onFrom, onTo }: FieldsProps) {
  const classes = column ? categoriesOf(column).map(({ id, name }) => ({ value: String(id), label: name })) : [];
  const any = { value: "", label: "any class" };
  if (what === "accept") {
    const kinds = ACCEPTED.map((kind) => ({ value: kind, label: `only: ${KINDS[kind]?.name}` }));
    return (
      <>
        <Select label="Which" value={from} options={[{ value: "", label: "All disagreements" }, ...kinds]} onChange={onFrom} />
        <Input label="Min. confidence" value={to} onChange={onTo} inputMode="decimal" placeholder="0.5" />
      </>
    );
  }
  const choose = { value: "", label: "Choose …" };
  if (what === "label" || what === "drop") {
    return (
      <>
        <Select label="Class" value={from} options={[any, ...classes]} onChange={onFrom} />
        {what === "label" && <Select label="To" value={to} options={[choose, ...classes]} onChange={onTo} />}
      </>
    );
  }
  if (what !== "value" || !column) return null;
  if (column.role === "number") return <Input label="Value" value={to} onChange={onTo} inputMode="decimal" />;
  if (column.role === "text") return <Input label="Value" value={to} onChange={onTo} />;
  const options = column.role === "bool" ? [{ value: "1", label: "yes" }, { value: "0", label: "no" }] : classes;
  return <Select label="Value" value={to} options={[choose, ...options]} onChange={onTo} />;
}

/** Predictions, and the labels of the Table that they are about. */
function pairOf(seen: SourceInfo, table: SourceInfo) {
  for (const name of seen.predictions) {
    const predicted = seen.columns.find((one) => one.name === name);
    const kinds = predicted?.properties?.some((one) => one.name === "error_kind");
    const truth = seen.truth.find((one) => seen.columns.some(({ name: known, role }) => known === one && role === predicted?.role));
    const column = truth && table.columns.find((one) => one.name === truth && one.writable);
    if (predicted && kinds && truth && column) return { info: seen, predicted: name, truth, column };
  }
  return null;
}

/** What the columns of a Table allow. */
function kindsOf(info: SourceInfo, pair: ReturnType<typeof pairOf>): Option[] {
  const writable = info.columns.filter((column) => column.writable);
  const boxes = writable.filter(({ role, properties }) => ["boxes", "keypoints", "masks"].includes(role) && properties?.length);
  const values = writable.filter(({ role }) => ["number", "category", "bool", "text"].includes(role));
  return [
    ...(pair ? [{ value: `accept ${pair.truth}`, label: "Accept predictions as labels" }] : []),
    ...boxes.map(({ name }) => ({ value: `label ${name}`, label: `Class of what is in ${name}` })),
    ...values.map(({ name }) => ({ value: `value ${name}`, label: `Set ${name}` })),
    ...boxes.map(({ name }) => ({ value: `drop ${name}`, label: `Delete from ${name}` })),
    { value: "remove", label: "Exclude samples" },
  ];
}

function split(kind: string): [string, string] {
  const at = kind.indexOf(" ");
  return at < 0 ? [kind, ""] : [kind.slice(0, at), kind.slice(at + 1)];
}

/** Null while something is missing. */
function bulkOf(what: string, column: Column | null, from: string, to: string): Bulk | null {
  if (what === "remove") return { what };
  if (!column) return null;
  const label = from === "" ? null : Number(from);
  if (what === "drop") return { what, column: column.name, label };
  if (what === "accept") {
    const least = to.trim() === "" ? 0.5 : Number(to.replace(",", "."));
    return Number.isFinite(least) ? { what, column: column.name, kinds: from ? [from] : ACCEPTED, least } : null;
  }
  if (column.role === "text") return { what: "value", column: column.name, value: to };
  const number = Number(to.replace(",", "."));
  if (to.trim() === "" || !Number.isFinite(number)) return null;
  if (what === "label") return { what, column: column.name, from: label, to: number };
  return { what: "value", column: column.name, value: column.role === "bool" ? number === 1 : number };
}

/** Rows of the Table for all samples of a selection, with what was predicted if that is asked for. */
async function allRows(
  { source, filters }: Selection,
  table: Source,
  columns: string[],
  predicted: string | null,
): Promise<Record<string, unknown>[]> {
  const ids = ((await fetchRows("/api/ids", { source, filters })).getChild("example_id")?.toArray() ?? []) as ArrayLike<number>;
  const found: Record<string, unknown>[] = [];
  for (let offset = 0; offset < ids.length; offset += PAGE) {
    const part = [{ kind: "rows" as const, example_ids: Array.from(ids).slice(offset, offset + PAGE) }];
    const ask = async (from: Source, names: string[]) => {
      const request = { source: from, filters: part, limit: PAGE, columns: ["example_id", ...names] };
      return (await fetchRows("/api/rows", request)).toArray() as Record<string, unknown>[];
    };
    const rows = await ask(table, columns);
    const seen = new Map(predicted ? (await ask(source, [predicted])).map((row) => [row.example_id, row]) : []);
    found.push(...rows.map((row) => ({ ...seen.get(row.example_id), ...row })));
  }
  return found;
}
