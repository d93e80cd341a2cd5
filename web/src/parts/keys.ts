// How the keys of a shortcut are written: `?`, `e`, `shift+z`, `mod+k`, and `g p` one after the other.
// `mod` is the command key of a Mac, the control key elsewhere.

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const NAMES: Record<string, string> = {
  " ": "space",
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Escape: "escape",
  Enter: "enter",
  Delete: "delete",
  Backspace: "backspace",
};

/** The event as text. Shift is named only with letters and named keys: `?` needs it on some keyboards. */
export function strokeOf(event: Pressed): string {
  const name = NAMES[event.key] ?? event.key.toLowerCase();
  const isNamed = name.length > 1 || /^[a-z]$/.test(name);
  const parts = [
    event.ctrlKey || event.metaKey ? "mod" : "",
    event.altKey ? "alt" : "",
    event.shiftKey && isNamed ? "shift" : "",
    name,
  ];
  return parts.filter(Boolean).join("+");
}

/** Whether keys without `mod` are typed here as text, or move within a widget. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "range"].includes(target.type);
  }
  return false;
}

const SHOWN: Record<string, string> = {
  left: "←",
  right: "→",
  up: "↑",
  down: "↓",
  escape: "Esc",
  enter: "Enter",
  space: "Space",
  delete: "Del",
  backspace: "Backspace",
  shift: "Shift",
  alt: "Alt",
};

/** How keys are shown to people: the keys to press together, for each stroke of a sequence. */
export function keysToShow(keys: string, isMac: boolean): string[][] {
  const one = (key: string) => {
    if (key === "mod") return isMac ? "⌘" : "Ctrl";
    return SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  };
  return keys.split(" ").map((stroke) => stroke.split(/\+(?=.)/).map(one));
}
