// Which keys do what on the page that is shown; `?` opens the list of them.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { Dialog } from "./dialog.tsx";
import { isTyping, keysToShow, strokeOf } from "./keys.ts";
import styles from "./shortcuts.module.css";

export interface Shortcut {
  /** As in keys.ts: `e`, `shift+z`, `mod+k`, `g p`. Several, if more than one does the same. */
  keys: string | string[];
  /** What it does, in the imperative: "Play the epochs". */
  description: string;
  run: (event: KeyboardEvent) => void;
  /** Heading in the list. */
  group?: string;
  /** Off: neither works nor listed. */
  disabled?: boolean;
}

interface Registry {
  add: (shortcut: Shortcut) => () => void;
  showHelp: () => void;
}

const Context = createContext<Registry>({ add: () => () => {}, showHelp: () => {} });
const SEQUENCE_MS = 1000;

/** Registers shortcuts while the component is there. Where two take one key, the youngest has it. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const { add } = useContext(Context);
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((one) => `${one.keys}|${one.description}|${one.disabled}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` says when what is listed has changed
  useEffect(() => {
    const removes = latest.current.map((shortcut, place) =>
      add({ ...shortcut, run: (event) => latest.current[place]?.run(event) }),
    );
    return () => {
      for (const remove of removes) remove();
    };
  }, [add, shape]);
}

/** Opens the list of shortcuts. */
export const useShortcutHelp = () => useContext(Context).showHelp;

export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const all = useRef<Shortcut[]>([]);
  const [listed, setListed] = useState<Shortcut[] | null>(null);
  const showHelp = useCallback(() => setListed([...all.current]), []);
  const add = useCallback((shortcut: Shortcut) => {
    all.current.push(shortcut);
    return () => {
      all.current = all.current.filter((one) => one !== shortcut);
    };
  }, []);
  useEffect(() => listen(all), []);
  const registry = useMemo(() => ({ add, showHelp }), [add, showHelp]);
  return (
    <Context.Provider value={registry}>
      <HelpKey />
      {children}
      <Dialog
        open={listed !== null}
        onClose={() => setListed(null)}
        title="Keyboard shortcuts"
        wide
      >
        <CheatSheet shortcuts={listed ?? []} />
      </Dialog>
    </Context.Provider>
  );
}

function HelpKey() {
  const run = useShortcutHelp();
  useShortcuts([{ keys: "?", description: "Show this list", run, group: "Everywhere" }]);
  return null;
}

function listen(all: { current: Shortcut[] }): () => void {
  let first = { stroke: "", at: 0 };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    if (document.querySelector("dialog[open]")) return;
    const stroke = strokeOf(event);
    const isText = isTyping(event.target) && !/^(mod\+|escape$)/.test(stroke);
    if (isText) return;
    const isSequence = event.timeStamp - first.at < SEQUENCE_MS;
    const wanted = isSequence ? [`${first.stroke} ${stroke}`, stroke] : [stroke];
    first = { stroke, at: event.timeStamp };
    const active = all.current.filter((one) => !one.disabled).reverse();
    for (const keys of wanted) {
      const found = active.find((one) => [one.keys].flat().includes(keys));
      if (!found) continue;
      event.preventDefault();
      first = { stroke: "", at: 0 };
      found.run(event);
      return;
    }
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}

function CheatSheet({ shortcuts }: { shortcuts: Shortcut[] }) {
  const active = shortcuts.filter((one) => !one.disabled);
  const groups = [...new Set(active.map((one) => one.group ?? "This page"))].reverse();
  return (
    <div className={styles.groups}>
      {groups.map((group) => (
        <section key={group} className={styles.group}>
          <h3>{group}</h3>
          <dl className={styles.list}>
            {active
              .filter((one) => (one.group ?? "This page") === group)
              .map((one) => (
                <Line key={one.description} shortcut={one} />
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Line({ shortcut }: { shortcut: Shortcut }) {
  return (
    <>
      <dt>{shortcut.description}</dt>
      <dd className={styles.keys}>
        <Keys keys={[shortcut.keys].flat()[0] ?? ""} />
      </dd>
    </>
  );
}

/** Keys as they are drawn on a keyboard. */
export function Keys({ keys }: { keys: string }) {
  const isMac = navigator.platform.startsWith("Mac");
  return keysToShow(keys, isMac)
    .flat()
    .map((key) => <kbd key={key}>{key}</kbd>);
}
