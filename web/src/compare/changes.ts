// One metric of the same samples, before and after.
import { reachOf } from "../parts/polygon.ts";
import { type Better, verdictOf, type Verdict } from "../data/verdict.ts";

/** Which of the two collections. */
export type Side = "before" | "after";

/** Columns of equal length; NaN is missing. */
export interface Changes {
  /** On the side after. */
  example_id: ArrayLike<number>;
  /** The same samples on the side before: other numbers between revisions of a Table. */
  left_example_id: ArrayLike<number>;
  left: ArrayLike<number>;
  right: ArrayLike<number>;
  difference: ArrayLike<number>;
  /** Whether labels differ between the revisions of the two sides; null where that is one. */
  labels_changed: ArrayLike<boolean> | null;
}

export type Show = Verdict | "all";

export interface ChangeSummary {
  counts: Record<Show, number>;
  /** Means over the samples that both sides have; null without any. */
  before: number | null;
  after: number | null;
}

export function summarizeChanges(changes: Changes, better: Better): ChangeSummary {
  const counts = { better: 0, worse: 0, changed: 0, same: 0, all: changes.example_id.length };
  let [before, after, both] = [0, 0, 0];
  for (let row = 0; row < counts.all; row++) {
    const [left, right] = [changes.left[row] as number, changes.right[row] as number];
    counts[verdictOf(changes.difference[row] as number, better)] += 1;
    if (Number.isNaN(left) || Number.isNaN(right)) continue;
    before += left;
    after += right;
    both += 1;
  }
  return { counts, before: both ? before / both : null, after: both ? after / both : null };
}

/** Those whose labels changed; all where there is one revision. */
export function ofChangedLabels(changes: Changes): Changes {
  const { labels_changed: marks } = changes;
  if (!marks) return changes;
  const rows = Array.from(marks, (_, row) => row).filter((row) => marks[row]);
  const of = (column: ArrayLike<number>) => rows.map((row) => column[row] as number);
  return {
    example_id: of(changes.example_id),
    left_example_id: of(changes.left_example_id),
    left: of(changes.left),
    right: of(changes.right),
    difference: of(changes.difference),
    labels_changed: rows.map(() => true),
  };
}

export function countOf(marks: ArrayLike<boolean>): number {
  return Array.from(marks).filter(Boolean).length;
}

/** The ids of the samples on a side. */
export function idsOf(changes: Changes, side: Side): ArrayLike<number> {
  return side === "before" ? changes.left_example_id : changes.example_id;
}

/** Samples of one side that may be shown. */
export interface Taken {
  ids: ReadonlySet<number>;
  side: Side;
}

/**
 * Rows to show, the greatest change first: for `all`, what got worse most; where nobody said which way
 * is better, what changed most either way. `taken` may narrow.
 */
export function rowsToShow(
  changes: Changes,
  better: Better,
  show: Show,
  taken: Taken | null = null,
  range: readonly [number, number] | null = null,
): number[] {
  const rows: number[] = [];
  const ids = idsOf(changes, taken?.side ?? "after");
  for (let row = 0; row < ids.length; row++) {
    const difference = changes.difference[row] as number;
    if (taken && !taken.ids.has(ids[row] as number)) continue;
    if (range && !(difference >= range[0] && difference <= range[1])) continue;
    if (show === "all" || verdictOf(difference, better) === show) rows.push(row);
  }
  const worst = better === "lower" ? -1 : 1;
  const sign = show === "better" ? -worst : worst;
  const key = (row: number) => {
    const difference = changes.difference[row] as number;
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    return better === null ? -Math.abs(difference) : sign * difference;
  };
  return rows.sort((a, b) => key(a) - key(b) || a - b);
}

export interface DifferenceBins {
  /** The greatest difference, up or down. */
  reach: number;
  counts: number[];
  /** One more than counts; zero is in the middle of the middle bin. */
  edges: number[];
}

/** Differences in an odd number of bins that lie evenly around zero. */
export function binsOfDifferences(differences: ArrayLike<number>, count = 31): DifferenceBins {
  const reach = reachOf(differences);
  const half = (count - 1) / 2;
  const width = (reach || 1) / half;
  const counts = new Array<number>(count).fill(0);
  for (let row = 0; row < differences.length; row++) {
    const bin = Math.round((differences[row] as number) / width) + half;
    if (!Number.isNaN(bin)) counts[Math.max(0, Math.min(bin, count - 1))]! += 1;
  }
  const edges = Array.from({ length: count + 1 }, (_, edge) => (edge - half - 0.5) * width);
  return { reach, counts, edges };
}
