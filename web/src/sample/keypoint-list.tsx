// The joints of the selected pose in words, each visible, hidden or not labelled; what a mask allows.
import { useEffect, useRef } from "react";
import { pointsOf, VISIBILITIES } from "../edit/label-points.ts";
import { Select } from "../parts/select.tsx";
import type { InstanceRef } from "../picture/draw.ts";
import type { Instance } from "../picture/layers.ts";
import type { Skeleton } from "../wire.ts";
import styles from "./keypoint-list.module.css";
import type { LabelEditing } from "./use-label-editing.ts";

interface KeypointListProps {
  one: Instance;
  selected: InstanceRef;
  skeleton: Skeleton | null;
  editing: LabelEditing;
  canChange: boolean;
  /** The joint that keys are about. */
  point: number | null;
  onPick: (point: number | null) => void;
}

const OPTIONS = [2, 1, 0].map((at) => ({ value: String(at), label: VISIBILITIES[at as 0 | 1 | 2] }));

export function KeypointList(props: KeypointListProps) {
  const { one, canChange, point } = props;
  if (one.joints.length) return <Joints {...props} />;
  if (!canChange || !one.mask) return null;
  if (one.mask.kind === "runs") {
    return (
      <p className={styles.hint}>
        This mask is stored as run lengths, pixel by pixel, and has no corners to move. Its class can be changed, and it can be deleted.
      </p>
    );
  }
  const count = pointsOf(one).length;
  return (
    <p className={styles.hint} role="status">
      {point === null ? `${count} corners` : `Corner ${point + 1} of ${count}`}: drag one, or select it with <kbd>.</kbd> <kbd>,</kbd> and move it with the arrows.
    </p>
  );
}

function Joints({ one, selected, skeleton, editing, canChange, point, onPick }: KeypointListProps) {
  const labelled = one.joints.filter(({ visibility }) => visibility > 0).length;
  const nameOf = (at: number) => skeleton?.joints[at] ?? `joint ${at}`;
  return (
    <section className={styles.joints} aria-label={`Joints of ${one.name}`}>
      <h3>
        Joints <span>{`${labelled} of ${one.joints.length} labelled`}</span>
      </h3>
      <ul>
        {one.joints.map(({ visibility }, at) => (
          <JointLine
            key={nameOf(at)}
            name={nameOf(at)}
            visibility={visibility}
            isPicked={at === point}
            onPick={canChange ? () => onPick(at === point ? null : at) : null}
            onSet={(next) => editing.setVisibility(selected, at, next)}
          />
        ))}
      </ul>
      <p className="visually-hidden" role="status">
        {point !== null && one.joints[point] ? `${nameOf(point)}: ${VISIBILITIES[one.joints[point].visibility as 0 | 1 | 2]}` : ""}
      </p>
    </section>
  );
}

interface JointLineProps {
  name: string;
  visibility: number;
  isPicked: boolean;
  /** Null where it may not be changed. */
  onPick: (() => void) | null;
  onSet: (visibility: number) => void;
}

function JointLine({ name, visibility, isPicked, onPick, onSet }: JointLineProps) {
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isPicked) line.current?.scrollIntoView({ block: "nearest" });
  }, [isPicked]);
  return (
    <li ref={line} data-picked={isPicked || undefined}>
      {onPick ? (
        <>
          <button type="button" className={styles.name} aria-pressed={isPicked} onClick={onPick}>
            {name}
          </button>
          <Select label={`Visibility of ${name}`} hideLabel value={String(visibility)} options={OPTIONS} onChange={(next) => onSet(Number(next))} />
        </>
      ) : (
        <>
          <span className={styles.name}>{name}</span>
          <span className={styles.state}>{VISIBILITIES[visibility as 0 | 1 | 2]}</span>
        </>
      )}
    </li>
  );
}
