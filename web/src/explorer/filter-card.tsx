// One column in the list of filters: its name, and under it what filters by it.
import { ChevronRight, X } from "lucide-react";
import { createContext, type ReactNode, useContext, useId, useState } from "react";
import { createPortal } from "react-dom";
import { IconButton } from "../parts/button.tsx";
import styles from "./filters.module.css";

interface FilterCardProps {
  name: string;
  hint: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Whether a filter of it is in force. */
  active: boolean;
  onClear: () => void;
  children: ReactNode;
}

export function FilterCard(props: FilterCardProps) {
  const { name, hint, open, onOpen, active, onClear, children } = props;
  const id = useId();
  const [tools, setTools] = useState<HTMLElement | null>(null);
  return (
    <section className={styles.card} data-active={active || undefined}>
      <h3 className={styles.title}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-controls={id}
          title={hint ? `${name}: ${hint}` : name}
          onClick={() => onOpen(!open)}
        >
          <ChevronRight size={13} className={styles.chevron} data-open={open || undefined} aria-hidden />
          <span className={styles.name}>{name}</span>
        </button>
        <span ref={setTools} className={styles.tools} />
        {active && (
          <IconButton label={`Clear the filter of ${name}`} small onClick={onClear}>
            <X size={13} />
          </IconButton>
        )}
      </h3>
      <div id={id} hidden={!open} className={styles.body}>
        {open && <Tools value={tools}>{children}</Tools>}
      </div>
    </section>
  );
}

const Tools = createContext<HTMLElement | null>(null);

/** Buttons of what filters, in the head of its card. */
export function CardTools({ children }: { children: ReactNode }) {
  const place = useContext(Tools);
  return place && createPortal(children, place);
}
