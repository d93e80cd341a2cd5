// Above a sample: which one it is, what comes before and after it, and which epoch is shown.
import { ChevronLeft, ChevronRight, Pencil } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { Badge, CountBadge } from "../parts/badge.tsx";
import { wholeNumber } from "../parts/numbers.ts";
import { useShortcuts } from "../parts/shortcuts.tsx";
import type { ListPlace } from "../wire.ts";
import styles from "./sample-header.module.css";

interface SampleHeaderProps {
  exampleId: number;
  place: ListPlace | null;
  isFiltered: boolean;
  onGo: (exampleId: number) => void;
  /** Null where the labels cannot be edited. */
  editing: { isOn: boolean; count: number; toggle: () => void } | null;
  /** Whether arrows belong to a box now. */
  areArrowsTaken: boolean;
  isDeleted: boolean;
  children?: ReactNode;
}

export function SampleHeader(props: SampleHeaderProps) {
  const { exampleId, place, isFiltered, onGo, editing, areArrowsTaken, isDeleted } = props;
  const go = (id: number | null | undefined) => typeof id === "number" && onGo(id);
  const step = useSteps(place, go);
  const [back, on] = [() => step(-1), () => step(1)];
  useShortcuts([
    { keys: "left", description: "Previous sample", run: back, group: "Sample", disabled: areArrowsTaken },
    { keys: "right", description: "Next sample", run: on, group: "Sample", disabled: areArrowsTaken },
    { keys: "k", description: "Previous sample, while a box is selected too", run: back, group: "Sample" },
    { keys: "j", description: "Next sample, while a box is selected too", run: on, group: "Sample" },
    { keys: "e", description: "Edit the labels", run: () => editing?.toggle(), group: "Editing", disabled: !editing },
  ]);
  return (
    <div className={styles.head}>
      <IconButton label="Previous sample" keys="←" small disabled={typeof place?.previous !== "number"} onClick={back}>
        <ChevronLeft size={16} />
      </IconButton>
      <IconButton label="Next sample" keys="→" small disabled={typeof place?.next !== "number"} onClick={on}>
        <ChevronRight size={16} />
      </IconButton>
      <h2 className={styles.title}>Sample {exampleId}</h2>
      <span className={styles.place}>{placeWords(place, isFiltered)}</span>
      {isDeleted && <Badge tone="danger">to be removed</Badge>}
      <div className={styles.tools}>
        {props.children}
        {editing && (
          <Button small pressed={editing.isOn} onClick={editing.toggle} title="Edit the labels (E)">
            <Pencil size={13} />
            {editing.isOn ? "Editing" : "Edit labels"}
            {editing.count > 0 && <CountBadge count={editing.count} />}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Steps to the samples beside; those made before the place is known are made when it is. */
function useSteps(place: ListPlace | null, go: (id: number | null | undefined) => void): (by: 1 | -1) => void {
  const waiting = useRef(0);
  // From one place only one step is made: the page that it leads to knows the next one.
  const left = useRef<ListPlace | null>(null);
  const make = (by: number) => {
    const id = by > 0 ? place?.next : place?.previous;
    if (typeof id === "number") left.current = place;
    else waiting.current = 0;
    go(id);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another place makes steps that wait
  useEffect(() => {
    if (!place || waiting.current === 0) return;
    const by = Math.sign(waiting.current);
    waiting.current -= by;
    make(by);
  }, [place]);
  return (by) => {
    if (place && left.current !== place && waiting.current === 0) make(by);
    else waiting.current += by;
  };
}

function placeWords(place: ListPlace | null, isFiltered: boolean): string {
  if (!place) return "";
  const count = wholeNumber(place.count);
  if (place.place === null) return `not among the ${count} matching`;
  return `${wholeNumber(place.place + 1)} of ${count}${isFiltered ? " matching" : ""}`;
}
