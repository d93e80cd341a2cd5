import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./tabs.module.css";

export interface Tab {
  id: string;
  label: string;
  /** A small number beside the label. */
  count?: number;
  content: ReactNode;
}

interface TabsProps {
  /** For screen readers: what the tabs are about. */
  label: string;
  tabs: Tab[];
  value: string;
  onChange: (id: string) => void;
  /** Whether the shown tab takes all height that is left. */
  fill?: boolean;
}

/** Only the shown tab is there. */
export function Tabs({ label, tabs, value, onChange, fill }: TabsProps) {
  return (
    <Radix.Root
      className={classNames(styles.root, fill && styles.fill)}
      value={value}
      onValueChange={onChange}
      activationMode="manual"
    >
      <Radix.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} className={styles.tab} value={tab.id}>
            {tab.label}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} className={styles.content} value={tab.id}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
