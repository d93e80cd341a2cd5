// Numbers of a column: all samples faintly, what the other filters select strongly; a brush filters.
import { type PointerEvent, useId, useRef, useState } from "react";
import { useSize } from "../parts/use-size.ts";
import { brushedRange, type Range } from "./brush.ts";
import styles from "./histogram.module.css";
import { shortNumber } from "../parts/numbers.ts";

interface HistogramProps {
  label: string;
  edges: number[];
  totals: ArrayLike<number>;
  /** Null while it is counted. */
  counts: ArrayLike<number> | null;
  /** Whether heights grow with the logarithm of the counts. */
  log: boolean;
  range: Range | null;
  whole: boolean;
  /** `done` is false while the brush still moves; null takes everything. */
  onRange: (range: Range | null, done: boolean) => void;
}

const HEIGHT = 48;

export function Histogram(props: HistogramProps) {
  const { label, edges, totals, counts, log, range, whole, onRange } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const [draft, setDraft] = useState<Range | null>(null);
  // Moves come faster than pictures: the newest range is kept here, not in the state.
  const drag = useRef<{ from: number; range: Range | null } | null>(null);
  const bins = edges.length - 1;
  const [first, last] = [edges[0] as number, edges[bins] as number];
  const most = Math.max(1, ...Array.from({ length: bins }, (_, at) => totals[at] ?? 0));
  const height = (count: number) => {
    const share = log ? Math.log1p(count) / Math.log1p(most) : count / most;
    return count > 0 ? Math.max(1.5, share * HEIGHT) : 0;
  };
  const across = (value: number) => ((value - first) / (last - first)) * width;
  const valueAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return first + share * (last - first);
  };

  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from: valueAt(event), range: null };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current) return;
    const next = brushedRange(drag.current.from, valueAt(event), edges, whole);
    drag.current.range = next;
    setDraft(next);
    if (next) onRange(next, false);
  };
  const onPointerUp = () => {
    const dragged = drag.current;
    drag.current = null;
    setDraft(null);
    if (dragged && (dragged.range || range)) onRange(dragged.range, true);
  };

  const shown = draft ?? range;
  const low = shown ? Math.max(0, across(shown.low ?? first)) : 0;
  const high = shown ? Math.min(width, across(shown.high ?? last)) : width;
  return (
    <div className={styles.histogram}>
      <div
        ref={frame}
        className={styles.frame}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        role="img"
        aria-label={`${label}: ${describe(edges, counts ?? totals)}`}
      >
        <svg width={width} height={HEIGHT} aria-hidden>
          <path className={styles.total} d={bars(totals, bins, width, height)} />
          <path
            className={styles.rest}
            d={counts ? bars(counts, bins, width, height) : ""}
            visibility={shown ? "visible" : "hidden"}
          />
          <clipPath id={id}>
            <rect x={low} y={0} width={Math.max(1, high - low)} height={HEIGHT} />
          </clipPath>
          <path
            className={styles.strong}
            d={counts ? bars(counts, bins, width, height) : ""}
            clipPath={shown ? `url(#${id})` : undefined}
          />
          {shown && (
            <g className={styles.brush}>
              <rect x={low} y={0} width={Math.max(1, high - low)} height={HEIGHT} />
              <line x1={low} x2={low} y1={0} y2={HEIGHT} />
              <line x1={high} x2={high} y1={0} y2={HEIGHT} />
            </g>
          )}
        </svg>
      </div>
      <div className={styles.ends} aria-hidden>
        <span>{shortNumber(whole ? Math.ceil(first) + 0 : first)}</span>
        <span>{shortNumber(whole ? Math.floor(last) : last)}</span>
      </div>
    </div>
  );
}

function bars(
  counts: ArrayLike<number>,
  bins: number,
  width: number,
  height: (count: number) => number,
): string {
  const step = width / bins;
  const gap = step > 4 ? 1 : 0;
  const parts: string[] = [];
  for (let at = 0; at < bins; at++) {
    const tall = height(counts[at] ?? 0);
    if (tall) parts.push(`M${(at * step).toFixed(2)} ${HEIGHT}v${-tall.toFixed(2)}h${(step - gap).toFixed(2)}V${HEIGHT}z`);
  }
  return parts.join("");
}

/** What one would see, in words. */
function describe(edges: number[], counts: ArrayLike<number>): string {
  const bins = edges.length - 1;
  let best = 0;
  for (let at = 1; at < bins; at++) if ((counts[at] ?? 0) > (counts[best] ?? 0)) best = at;
  const ends = `from ${shortNumber(edges[0])} to ${shortNumber(edges[bins])}`;
  return `${ends}, most between ${shortNumber(edges[best])} and ${shortNumber(edges[best + 1])}`;
}
