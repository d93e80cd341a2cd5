// Names for addresses of a project: what somebody wants to find again.
import { Bookmark, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { put, segments } from "../api.ts";
import { useGet } from "../data/use-resource.ts";
import { IconButton } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Input } from "../parts/input.tsx";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../parts/menu.tsx";
import { useToast } from "../parts/toast.tsx";
import type { View, Views } from "../wire.ts";
import styles from "./saved-views.module.css";

export function SavedViews({ project }: { project: string }) {
  const path = `/api/projects/${segments(project)}/views`;
  const views = useGet<Views>(path);
  const [dialog, setDialog] = useState<"save" | "manage" | null>(null);
  const [, go] = useLocation();
  const toast = useToast();
  const known = views.data?.views ?? [];
  const write = async (next: View[], done: string) => {
    try {
      views.replace(await put<Views>(path, { views: next }));
      toast.show({ title: done });
      setDialog(null);
    } catch (error) {
      toast.fail("The views were not saved", error);
    }
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label="Saved views">
            <Bookmark size={16} />
          </IconButton>
        }
      >
        <MenuLabel>Saved views</MenuLabel>
        {known.map((view) => (
          <MenuItem key={view.name} onSelect={() => go(view.path)}>
            {view.name}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setDialog("save")}>Save this view…</MenuItem>
        <MenuItem disabled={!known.length} onSelect={() => setDialog("manage")}>
          Remove views…
        </MenuItem>
      </Menu>
      {dialog === "save" && (
        <SaveDialog
          onClose={() => setDialog(null)}
          onSave={(name) => {
            const { pathname, search } = window.location;
            const rest = known.filter((view) => view.name !== name);
            void write([...rest, { name, path: pathname + search }], `View saved: ${name}`);
          }}
        />
      )}
      <Dialog open={dialog === "manage"} onClose={() => setDialog(null)} title="Saved views">
        <ul className={styles.list}>
          {known.map((view) => (
            <li key={view.name}>
              <span>{view.name}</span>
              <IconButton
                label={`Remove the view ${view.name}`}
                small
                onClick={() =>
                  void write(
                    known.filter((one) => one !== view),
                    `View removed: ${view.name}`,
                  )
                }
              >
                <Trash2 size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}

interface SaveDialogProps {
  onClose: () => void;
  onSave: (name: string) => void;
}

function SaveDialog({ onClose, onSave }: SaveDialogProps) {
  const [name, setName] = useState("");
  return (
    <FormDialog
      title="Save this view"
      submit="Save"
      ready={name.trim() !== ""}
      onSubmit={() => onSave(name.trim())}
      onClose={onClose}
    >
      <Input label="Name" data-autofocus value={name} onChange={setName} maxLength={100} />
    </FormDialog>
  );
}
