import { complement } from "../filters/all.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { ExplorerState } from "./use-explorer.ts";

/** Keys of the explorer; `move` moves the cursor of the list. */
export function useSampleShortcuts({ filters, setLook }: ExplorerState, move: (by: number) => void): void {
  const { settled } = filters;
  const group = "Samples";
  useShortcuts([
    { keys: "j", description: "Next sample (Enter opens it, Space selects it)", group, run: () => move(1) },
    { keys: "k", description: "Previous sample", group, run: () => move(-1) },
    { keys: "1", description: "Show images", group, run: () => setLook({ as: "grid" }) },
    { keys: "2", description: "Show a table", group, run: () => setLook({ as: "rows" }) },
    { keys: "i", description: "Invert filters", group, run: () => filters.set(complement(settled)), disabled: !settled.length },
    { keys: "mod+z", description: "Undo the last filter", group, run: filters.undo, disabled: !filters.canUndo },
  ]);
}
