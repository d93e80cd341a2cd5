// The filters in force, in words: each can be inverted or taken away.
import { CircleSlash2, Undo2, X } from "lucide-react";
import { complement, splitAll } from "../filters/all.ts";
import { describeFilter } from "../filters/describe.ts";
import { isInverted, opposite } from "../filters/not.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { Tooltip } from "../parts/tooltip.tsx";
import type { Column, Filter } from "../wire.ts";
import styles from "./toolbar.module.css";

interface FilterChipsProps {
  filters: Filter[];
  columns: readonly Column[];
  canUndo: boolean;
  onFilters: (filters: Filter[]) => void;
  onUndo: () => void;
}

export function FilterChips({ filters, columns, canUndo, onFilters, onUndo }: FilterChipsProps) {
  const replaceAt = (at: number, next: Filter[]) => [...filters.slice(0, at), ...next, ...filters.slice(at + 1)];
  if (filters.length === 0 && !canUndo) return null;
  return (
    <div className={styles.chips} role="group" aria-label="Filters in force">
      {filters.map((filter, at) => {
        const words = describeFilter(filter, columns);
        return (
          <span key={words} className={styles.chip} data-not={isInverted(filter) || undefined}>
            <span className={styles.words} title={words}>
              {words}
            </span>
            <IconButton
              label={`Invert: ${words}`}
              small
              onClick={() => onFilters(replaceAt(at, splitAll(opposite(filter))))}
            >
              <CircleSlash2 size={12} />
            </IconButton>
            <IconButton label={`Remove: ${words}`} small onClick={() => onFilters(replaceAt(at, []))}>
              <X size={12} />
            </IconButton>
          </span>
        );
      })}
      {filters.length > 0 && (
        <span className={styles.whole}>
          <Tooltip content="Show the samples that do not match (i)">
            <Button variant="quiet" small onClick={() => onFilters(complement(filters))}>
              Invert filters
            </Button>
          </Tooltip>
          <Button variant="quiet" small onClick={() => onFilters([])}>
            Clear
          </Button>
        </span>
      )}
      {canUndo && (
        <IconButton label="Undo" keys="Ctrl Z" small onClick={onUndo}>
          <Undo2 size={13} />
        </IconButton>
      )}
    </div>
  );
}
