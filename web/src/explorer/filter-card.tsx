// One column in the list of filters: its name, and under it what filters by it.
import { ChevronRight, X } from "lucide-react";
import { type ReactNode, useId } from "react";
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
  tools?: ReactNode;
  children: ReactNode;
}

export function FilterCard(props: FilterCardProps) {
  const { name, hint, open, onOpen, active, onClear, tools, children } = props;
  const id = useId();
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
        {open && tools}
        {active && (
          <IconButton label={`Clear the filter of ${name}`} small onClick={onClear}>
            <X size={13} />
          </IconButton>
        )}
      </h3>
      <div id={id} hidden={!open} className={styles.body}>
        {open && children}
      </div>
    </section>
  );
}
