// Short words about what just happened, in a corner; read aloud by screen readers.
import { X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { errorText } from "./error-text.ts";
import { classNames } from "./class-names.ts";
import styles from "./toast.module.css";

export interface Toast {
  title: string;
  detail?: string;
  problem?: boolean;
}

interface Toasts {
  show: (toast: Toast) => void;
  /** An error in the words of the server, with its hint. */
  fail: (title: string, error: unknown) => void;
}

const Context = createContext<Toasts>({ show: () => {}, fail: () => {} });

export const useToast = () => useContext(Context);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<(Toast & { id: number })[]>([]);
  const show = useCallback((toast: Toast) => {
    setToasts((before) => [...before.slice(-3), { ...toast, id: (before.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const value = useMemo<Toasts>(
    () => ({ show, fail: (title, error) => show({ title, detail: errorText(error), problem: true }) }),
    [show],
  );
  const close = (id: number) => setToasts((before) => before.filter((toast) => toast.id !== id));
  return (
    <Context.Provider value={value}>
      <Radix.Provider label="Message" duration={6000}>
        {children}
        {toasts.map((toast) => (
          <Radix.Root
            key={toast.id}
            className={classNames(styles.toast, toast.problem && styles.problem)}
            duration={toast.problem ? 20_000 : undefined}
            onOpenChange={(open) => !open && close(toast.id)}
          >
            <Radix.Title className={styles.title}>{toast.title}</Radix.Title>
            {toast.detail && (
              <Radix.Description className={styles.detail}>{toast.detail}</Radix.Description>
            )}
            <Radix.Close className={styles.close} aria-label="Close">
              <X size={14} />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className={styles.viewport} label="Messages ({hotkey})" />
      </Radix.Provider>
    </Context.Provider>
  );
}
