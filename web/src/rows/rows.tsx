// Samples as rows of a table: sorted by a click on a heading, any number of them.
import { ArrowDown, ArrowUp } from "lucide-react";
import { type CSSProperties, type ReactNode, useEffect, useId, useRef } from "react";
import { useSize } from "../parts/use-size.ts";
import type { Row } from "../data/pages.ts";
import { idOf, type ListProps, useActive, useWanted } from "../grid/grid.tsx";
import { type Modifiers, useCursor } from "../grid/use-cursor.ts";
import { useVirtual } from "../parts/use-virtual.ts";
import type { Sort } from "../wire.ts";
import styles from "./rows.module.css";

export interface RowColumn {
  name: string;
  /** What stands in the heading. */
  title: string;
  hint: string;
  width: number;
  /** Numbers stand at the right. */
  isNumber: boolean;
  canSort: boolean;
  cell: (row: Row) => ReactNode;
}

interface RowsProps extends ListProps {
  columns: RowColumn[];
  sort: readonly Sort[];
  onSort: (sort: Sort[]) => void;
  rowHeight: number;
  /** Rows of samples that are to go. */
  isDimmed?: (exampleId: number) => boolean;
}

const HEAD = 30;

export function Rows(props: RowsProps) {
  const { pages, total, columns, listKey, rowHeight, onActive } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const box = useSize(scroller);
  const id = useId();
  const window = Math.max(0, box.height - HEAD);
  const virtual = useVirtual({ element: scroller, rows: total, rowHeight, window, listKey });
  const idAt = (place: number) => idOf(pages.row(place));
  const cursor = useCursor({
    ...props,
    count: total,
    across: 1,
    rows: Math.floor(window / rowHeight),
    idAt,
    onShow: virtual.show,
  });
  const move = (by: number) => {
    scroller.current?.focus({ preventScroll: true });
    cursor.move(by);
  };
  props.cursorRef({ ...cursor, move });
  useWanted(pages, virtual.first, virtual.last, total);
  useActive(cursor, idAt, onActive);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another list the old place means nothing
  useEffect(() => cursor.reset(), [listKey]);

  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const template = { gridTemplateColumns: columns.map((column) => `${column.width}px`).join(" "), width };
  const nameOf = (place: number) => `${id}-${place}`;
  const places = Array.from({ length: virtual.last - virtual.first }, (_, at) => virtual.first + at);
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      aria-label="Samples"
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable
      aria-activedescendant={cursor.place === null ? undefined : nameOf(cursor.place)}
      tabIndex={0}
      onKeyDown={cursor.onKeyDown}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, aria-activedescendant names its row */}
      <div role="row" aria-rowindex={1} className={styles.head} style={template}>
        {columns.map((column) => (
          <Heading key={column.name} column={column} sort={props.sort} onSort={props.onSort} />
        ))}
      </div>
      <div className={styles.list} style={{ height: virtual.height, width }} role="presentation">
        {places.map((place) => (
          <SampleRow
            key={place}
            {...props}
            id={nameOf(place)}
            row={pages.row(place)}
            place={place}
            isActive={cursor.place === place}
            style={{ ...template, height: rowHeight, transform: `translateY(${virtual.offsetOf(place)}px)` }}
            onClick={(event) => cursor.onClick(place, event)}
          />
        ))}
      </div>
    </div>
  );
}

interface SampleRowProps extends Pick<RowsProps, "columns" | "selected" | "isDimmed" | "onOpen"> {
  id: string;
  place: number;
  /** Null until it is loaded. */
  row: Row | null;
  isActive: boolean;
  style: CSSProperties;
  onClick: (event: Modifiers) => void;
}

function SampleRow({ id, place, row, columns, selected, isActive, isDimmed, style, onClick, onOpen }: SampleRowProps) {
  const sample = idOf(row);
  const isSelected = sample !== null && selected.has(sample);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    // biome-ignore lint/a11y/useFocusableInteractive: keys are the grid's
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      className={styles.row}
      data-active={isActive || undefined}
      data-selected={isSelected || undefined}
      data-dimmed={(sample !== null && isDimmed?.(sample)) || undefined}
      style={style}
      onClick={onClick}
      onDoubleClick={() => sample !== null && onOpen(sample)}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        <div key={column.name} role="gridcell" className={styles.cell} data-number={column.isNumber || undefined}>
          {row ? column.cell(row) : <span className={styles.waiting} />}
        </div>
      ))}
    </div>
  );
}

interface HeadingProps {
  column: RowColumn;
  sort: readonly Sort[];
  onSort: (sort: Sort[]) => void;
}

function Heading({ column, sort, onSort }: HeadingProps) {
  const [by] = sort;
  const own = by?.column === column.name ? by : null;
  const state = own ? (own.descending ? "descending" : "ascending") : "none";
  const next = () => onSort([{ column: column.name, descending: own ? !own.descending : false }]);
  const Arrow = own?.descending ? ArrowDown : ArrowUp;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it has the focus
    <div role="columnheader" aria-sort={state} className={styles.heading} data-number={column.isNumber || undefined}>
      {column.canSort ? (
        <button type="button" title={column.hint || column.name} onClick={next}>
          <span>{column.title}</span>
          {own && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        <span title={column.hint || column.name}>{column.title}</span>
      )}
    </div>
  );
}
