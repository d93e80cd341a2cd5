// Light or dark: what the person chose, or what the system says.
import { useSyncExternalStore } from "react";
import { readLocalStorage } from "./use-local-storage.ts";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "samplewise.theme";
const CHANGED = "samplewise-theme";
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const theme = readLocalStorage<Theme>(KEY, "system");
  return THEMES.includes(theme) ? theme : "system";
}

export function resolvedTheme(): "light" | "dark" {
  const theme = chosenTheme();
  if (theme !== "system") return theme;
  return dark().matches ? "dark" : "light";
}

/** Called before the first paint, so that a dark page never flashes; follows the system after. */
export function startTheme(): void {
  applyTheme();
  dark().addEventListener("change", applyTheme);
  window.addEventListener("storage", applyTheme);
}

function applyTheme(): void {
  document.documentElement.dataset.theme = resolvedTheme();
  window.dispatchEvent(new Event(CHANGED));
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, JSON.stringify(theme));
  applyTheme();
}

/** What is chosen and what is shown; canvases draw again when `shown` changes. */
export function useTheme(): { chosen: Theme; shown: "light" | "dark" } {
  const chosen = useSyncExternalStore(subscribe, chosenTheme);
  const shown = useSyncExternalStore(subscribe, resolvedTheme);
  return { chosen, shown };
}

function subscribe(notify: () => void): () => void {
  window.addEventListener(CHANGED, notify);
  return () => window.removeEventListener(CHANGED, notify);
}

/** The value of a token of theme.css now, for canvases: `themeColor("--accent")`. */
export function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
