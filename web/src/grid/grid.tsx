// Samples as images, as many as fit; any number of them, for only those on the screen are there.
import { Check } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useSize } from "../parts/use-size.ts";
import type { Pages, Row } from "../data/pages.ts";
import styles from "./grid.module.css";
import { type Cursor, type Modifiers, useCursor } from "./use-cursor.ts";
import { useVirtual } from "../parts/use-virtual.ts";

export interface ListProps {
  pages: Pages;
  /** Changes when rows have come. */
  version: number;
  /** Another list begins at the top. */
  listKey: string;
  total: number;
  selected: ReadonlySet<number>;
  onSelect: (selected: ReadonlySet<number>) => void;
  onOpen: (id: number) => void;
  /** The sample that keys have reached, for the scatter. */
  onActive: (id: number | null) => void;
  idsOf: (first: number, last: number) => Promise<number[]>;
  cursorRef: (cursor: Cursor) => void;
}

interface GridProps extends ListProps {
  /** Width of a tile at least, pixels. */
  size: number;
  hasCaption: boolean;
  tile: (row: Row, size: number) => ReactNode;
}

const GAP = 10;
const PAD = 12;
const CAPTION = 22;

export function Grid(props: GridProps) {
  const { pages, total, selected, size, hasCaption, listKey, onActive } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const box = useSize(scroller);
  const id = useId();
  const room = Math.max(size, box.width - 2 * PAD);
  const across = Math.max(1, Math.floor((room + GAP) / (size + GAP)));
  const tile = Math.floor((room + GAP) / across) - GAP;
  const rowHeight = tile + GAP + (hasCaption ? CAPTION : 0) + 4;
  const rows = Math.ceil(total / across);
  const virtual = useVirtual({ element: scroller, rows, rowHeight, window: box.height, listKey });
  const idAt = (place: number) => idOf(pages.row(place));
  const cursor = useCursor({
    ...props,
    count: total,
    across,
    rows: Math.floor(box.height / rowHeight),
    idAt,
    onShow: (place) => virtual.show(Math.floor(place / across)),
  });
  const move = (by: number) => {
    scroller.current?.focus({ preventScroll: true });
    cursor.move(by);
  };
  props.cursorRef({ ...cursor, move });
  useWanted(pages, virtual.first * across, Math.min(total, virtual.last * across), total);
  useActive(cursor, idAt, onActive);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another list the old place means nothing
  useEffect(() => cursor.reset(), [listKey]);

  const lines = Array.from({ length: virtual.last - virtual.first }, (_, at) => virtual.first + at);
  const nameOf = (place: number) => `${id}-${place}`;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label="Samples"
      aria-rowcount={rows}
      aria-colcount={across}
      aria-multiselectable
      aria-activedescendant={cursor.place === null ? undefined : nameOf(cursor.place)}
      tabIndex={0}
      onKeyDown={cursor.onKeyDown}
    >
      <div className={styles.list} style={{ height: virtual.height + PAD }} role="presentation">
        {lines.map((line) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, aria-activedescendant names its cell
          <div
            key={line}
            role="row"
            aria-rowindex={line + 1}
            className={styles.row}
            style={{ transform: `translateY(${virtual.offsetOf(line) + PAD}px)` }}
          >
            {placesOf(line, across, total).map((place) => (
              <GridCell
                key={place}
                {...{ tile, onActive }}
                id={nameOf(place)}
                column={place % across}
                row={pages.row(place)}
                selected={selected}
                isActive={cursor.place === place}
                onClick={(event) => cursor.onClick(place, event)}
                onOpen={props.onOpen}
                draw={props.tile}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface GridCellProps {
  id: string;
  column: number;
  /** Null until it is loaded. */
  row: Row | null;
  /** Width of the tile, pixels. */
  tile: number;
  selected: ReadonlySet<number>;
  isActive: boolean;
  onClick: (event: Modifiers) => void;
  onOpen: (id: number) => void;
  onActive: (id: number | null) => void;
  draw: (row: Row, size: number) => ReactNode;
}

function GridCell({ id, column, row, tile, selected, isActive, onClick, onOpen, onActive, draw }: GridCellProps) {
  const sample = idOf(row);
  const isSelected = sample !== null && selected.has(sample);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    // biome-ignore lint/a11y/useFocusableInteractive: keys are the grid's
    <div
      id={id}
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={isSelected}
      className={styles.cell}
      data-active={isActive || undefined}
      data-selected={isSelected || undefined}
      style={{ width: tile }}
      onPointerEnter={() => sample !== null && onActive(sample)}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) onClick(event);
        else if (sample !== null) onOpen(sample);
      }}
    >
      <span className="visually-hidden">{sample === null ? "Loading" : `Sample ${sample}`}</span>
      {row ? draw(row, tile) : <Waiting size={tile} />}
      {row && <SelectBox isSelected={isSelected} onSelect={() => onClick(WITH_CONTROL)} />}
    </div>
  );
}

const WITH_CONTROL = { shiftKey: false, ctrlKey: true, metaKey: false };

/** For the mouse; on the keyboard it is the space bar. */
function SelectBox({ isSelected, onSelect }: { isSelected: boolean; onSelect: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      title={isSelected ? "Deselect" : "Select"}
      className={styles.selectBox}
      data-on={isSelected || undefined}
      onClick={(event) => {
        event.stopPropagation();
        onSelect();
      }}
    >
      {isSelected && <Check size={13} strokeWidth={3} />}
    </button>
  );
}

function Waiting({ size }: { size: number }) {
  return <div className={styles.waiting} style={{ height: size }} />;
}

function placesOf(line: number, across: number, total: number): number[] {
  const count = Math.max(0, Math.min(across, total - line * across));
  return Array.from({ length: count }, (_, at) => line * across + at);
}

export function idOf(row: Row | null): number | null {
  return typeof row?.example_id === "number" ? row.example_id : null;
}

/** Asks for the rows on the screen whenever they are others. */
export function useWanted(pages: Pages, first: number, last: number, total: number): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a known total is a reason to ask again
  useEffect(() => pages.want(first, last), [pages, first, last, total]);
}

/** Tells which sample the cursor is on. */
export function useActive(
  { place }: Cursor,
  idAt: (place: number) => number | null,
  onActive: (id: number | null) => void,
): void {
  const id = place === null ? null : idAt(place);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another sample is news
  useEffect(() => onActive(id), [id]);
}
