import { Copy } from "lucide-react";
import { IconButton } from "./button.tsx";
import styles from "./code.module.css";
import { useToast } from "./toast.tsx";

interface CodeBlockProps {
  /** What it is, for screen readers. */
  label: string;
  text: string;
}

/** Text as it was written, with a button that copies it. */
export function CodeBlock({ label, text }: CodeBlockProps) {
  const copy = useCopy();
  return (
    <div className={styles.code}>
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <span className={styles.copy}>
        <IconButton label={`Copy: ${label}`} small onClick={() => copy(text, label)}>
          <Copy size={13} />
        </IconButton>
      </span>
    </div>
  );
}

/** Copies a text and says so. */
export function useCopy(): (text: string, what: string) => void {
  const toast = useToast();
  return (text, what) => {
    navigator.clipboard.writeText(text).then(
      () => toast.show({ title: `Copied: ${what}` }),
      (error: unknown) => toast.fail(`Not copied: ${what}`, error),
    );
  };
}
