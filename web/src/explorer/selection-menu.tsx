// What can be done with the selected samples: taken away as a file, as code, as a new Table.
import { ChevronDown, Copy, FileDown, TableProperties } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { tablePage } from "../address/pages.ts";
import { download, post } from "../api.ts";
import { saveFile } from "../data/save-file.ts";
import { Button } from "../parts/button.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Input } from "../parts/input.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../parts/menu.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { useToast } from "../parts/toast.tsx";
import type { Code, Committed, ExportRequest, NewTableRequest } from "../wire.ts";
import type { Selection } from "../data/selection.ts";

const ENDINGS: Record<ExportRequest["format"], string> = { csv: "csv", parquet: "parquet", coco: "json" };

export function SelectionMenu({ selection, title }: { selection: Selection; title: string }) {
  const { show, fail } = useToast();
  const [isMaking, setMaking] = useState(false);
  const { source, filters, count } = selection;
  const save = async (format: ExportRequest["format"]) => {
    try {
      const request: ExportRequest = { source, format, filters };
      saveFile(`${fileName(title)}.${ENDINGS[format]}`, await download("/api/export", request));
      show({ title: "Exported", detail: `${wholeNumber(count ?? 0)} samples as ${format.toUpperCase()}.` });
    } catch (error) {
      fail("The samples were not exported", error);
    }
  };
  const copy = async () => {
    try {
      const { code } = await post<Code>("/api/python", { source, filters });
      await navigator.clipboard.writeText(code);
      show({ title: "Copied", detail: "Python that gives the same samples." });
    } catch (error) {
      fail("Nothing was copied", error);
    }
  };
  return (
    <>
      <Menu
        trigger={
          <Button small disabled={count === 0}>
            Export
            <ChevronDown size={13} />
          </Button>
        }
      >
        <MenuLabel>{count === null ? "The selection" : `${wholeNumber(count)} samples`}</MenuLabel>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => void save("csv")}>
          As CSV
        </MenuItem>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => void save("parquet")}>
          As Parquet
        </MenuItem>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => void save("coco")}>
          As COCO
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<TableProperties size={14} />} onSelect={() => setMaking(true)}>
          As a new Table …
        </MenuItem>
        <MenuItem icon={<Copy size={14} />} onSelect={() => void copy()}>
          Copy as Python
        </MenuItem>
      </Menu>
      {isMaking && <NewTable selection={selection} onClose={() => setMaking(false)} />}
    </>
  );
}

function NewTable({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { show, fail } = useToast();
  const [, go] = useLocation();
  const make = async () => {
    setBusy(true);
    try {
      const request: NewTableRequest = {
        source: selection.source,
        filters: selection.filters,
        name: name.trim() || null,
        description,
      };
      const { table, rows } = await post<Committed>("/api/new-table", request);
      show({ title: `Table ${table.table}`, detail: `${wholeNumber(rows)} samples.` });
      onClose();
      go(tablePage(table.project, table.dataset, table.table));
    } catch (error) {
      fail("The Table was not made", error);
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title="A new Table of the selected samples"
      submit="Make the Table"
      ready={!isBusy}
      onSubmit={() => void make()}
      onClose={onClose}
    >
      <p>It has {wholeNumber(selection.count ?? 0)} samples and stands in the dataset of their Table.</p>
      <Input label="Name" value={name} onChange={setName} placeholder="a free name" data-autofocus />
      <Input label="Why" value={description} onChange={setDescription} />
    </FormDialog>
  );
}

function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-|-$/g, "") || "samples";
}
