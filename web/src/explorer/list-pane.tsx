// The samples themselves: as images or as rows of a table.
import { LayoutGrid, Table2 } from "lucide-react";
import { useMemo } from "react";
import type { Row } from "../data/pages.ts";
import { EditMark } from "../edit/edit-mark.tsx";
import type { EditMarks } from "../edit/apply-edits.ts";
import { Grid, type ListProps } from "../grid/grid.tsx";
import { hasConfidences, useRowLayers } from "../grid/layers-of-rows.ts";
import { Tile } from "../grid/tile.tsx";
import { Picture } from "../picture/picture.tsx";
import { Button, IconButton } from "../parts/button.tsx";
import { shortNumber } from "../parts/numbers.ts";
import { EmptyState, ErrorState, Spinner } from "../parts/states.tsx";
import { Rows, type RowColumn } from "../rows/rows.tsx";
import type { SourceInfo, Sort } from "../wire.ts";
import { ColumnsMenu } from "./columns-menu.tsx";
import { GridSettings } from "./grid-settings.tsx";
import styles from "./list-pane.module.css";
import { captionOf, type Look, type SetLook, tableColumns } from "./look.ts";
import { thumbnailUrl } from "../data/image-url.ts";
import { valueText } from "../data/value-text.ts";
import { Caption } from "./caption.tsx";
import { SortMenu } from "./sort-menu.tsx";
import type { MetricHistory } from "./use-metric-history.ts";
import type { List } from "./use-pages.ts";

interface ListPaneProps extends Pick<ListProps, "selected" | "onSelect" | "onOpen" | "onActive" | "idsOf" | "cursorRef"> {
  info: SourceInfo;
  look: Look;
  setLook: SetLook;
  list: List | null;
  sort: readonly Sort[];
  history: MetricHistory | null;
  /** Unsaved edits. */
  marks: EditMarks;
  /** Whether filters leave samples out. */
  isFiltered: boolean;
  onClear: () => void;
}

export function ListPane(props: ListPaneProps) {
  const { info, look, setLook, list, sort } = props;
  return (
    <div className={styles.pane}>
      <div className={styles.head}>
        <div role="group" aria-label="Show as" className={styles.modes}>
          <IconButton label="Images" keys="1" small pressed={look.as === "grid"} onClick={() => setLook({ as: "grid" })}>
            <LayoutGrid size={14} />
          </IconButton>
          <IconButton label="Table" keys="2" small pressed={look.as === "rows"} onClick={() => setLook({ as: "rows" })}>
            <Table2 size={14} />
          </IconButton>
        </div>
        <SortMenu info={info} sort={sort} onSort={(next) => setLook({ sort: next })} />
        <ColumnsMenu info={info} look={look} sort={sort} setLook={setLook} />
        <span className={styles.grow} />
        {look.as === "grid" && (
          <GridSettings look={look} setLook={setLook} hasConfidences={hasConfidences(info)} />
        )}
      </div>
      {list ? <Content {...props} list={list} /> : <Waiting />}
    </div>
  );
}

function Content(props: ListPaneProps & { list: List }) {
  const { list, look, isFiltered, onClear } = props;
  const { pages } = list;
  if (pages.error && pages.total === null) return <ErrorState error={pages.error} />;
  if (pages.total === 0) {
    return (
      <EmptyState
        title={isFiltered ? "No matching samples" : "There are no samples"}
        actions={isFiltered ? <Button onClick={onClear}>Clear the filters</Button> : undefined}
      >
        {isFiltered ? "Remove one of the filters, or invert it." : "This collection has no rows."}
      </EmptyState>
    );
  }
  return look.as === "grid" ? <AsGrid {...props} /> : <AsRows {...props} />;
}

function AsGrid(props: ListPaneProps & { list: List }) {
  const { info, look, list, sort, history, marks, selected, onSelect, onOpen, onActive, idsOf, cursorRef } = props;
  const names = useMemo(() => captionOf(info, look, sort), [info, look, sort]);
  const epoch = info.source.kind === "metrics" ? (info.source.epoch ?? null) : null;
  const drawn = useRowLayers(info);
  const tile = (stored: Row, size: number) => {
    const row = marks.row(stored);
    return (
      <Tile
        src={thumbnailUrl(info, row.example_id as number, size)}
        size={size}
        drawn={drawn(row)}
        least={look.least}
        mark={marks.of(row.example_id as number)}
        caption={<Caption info={info} row={row} names={names} history={history} epoch={epoch} width={size} />}
      />
    );
  };
  return (
    <Grid
      pages={list.pages}
      version={list.version}
      listKey={list.key}
      total={list.pages.total ?? 0}
      {...{ selected, onSelect, onOpen, onActive, idsOf, cursorRef }}
      size={look.size}
      hasCaption={names.length > 0}
      tile={tile}
    />
  );
}

const THUMBNAIL = 36;

function AsRows(props: ListPaneProps & { list: List }) {
  const { info, look, setLook, list, sort, marks, selected, onSelect, onOpen, onActive, idsOf, cursorRef } = props;
  const columns = useMemo(() => rowColumns(info, look, marks), [info, look, marks]);
  return (
    <Rows
      pages={list.pages}
      version={list.version}
      listKey={list.key}
      total={list.pages.total ?? 0}
      {...{ selected, onSelect, onOpen, onActive, idsOf, cursorRef }}
      columns={columns}
      sort={sort}
      onSort={(next) => setLook({ sort: next })}
      isDimmed={(id) => marks.of(id) === "removed"}
      rowHeight={info.image_column ? THUMBNAIL + 8 : 32}
    />
  );
}

function rowColumns(info: SourceInfo, look: Look, marks: EditMarks): RowColumn[] {
  const number = { isNumber: true, canSort: true, hint: "" };
  const image: RowColumn = {
    name: " image",
    title: "image",
    hint: "",
    width: 64,
    isNumber: false,
    canSort: false,
    cell: (row) => (
      <div className={styles.thumbnail}>
        <Picture src={thumbnailUrl(info, row.example_id as number, 64)} alt="" />
      </div>
    ),
  };
  const id: RowColumn = {
    ...number,
    name: "example_id",
    title: "sample",
    width: 100,
    cell: (row) => (
      <>
        <EditMark mark={marks.of(row.example_id as number)} isBare /> {String(row.example_id)}
      </>
    ),
  };
  const others = tableColumns(info, look).map((column): RowColumn => {
    const isNumber = column.role === "number";
    const title = column.title || column.name;
    return {
      name: column.name,
      title,
      hint: column.description ? `${column.name}: ${column.description}` : column.name,
      width: isNumber ? Math.min(180, Math.max(76, title.length * 7 + 40)) : 160,
      isNumber,
      canSort: true,
      cell: (stored) => {
        const value = marks.row(stored)[column.name];
        return isNumber ? shortNumber(value as number | null) : valueText(value, column);
      },
    };
  });
  return [...(info.image_column ? [image] : []), id, ...others];
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Spinner label="Loading the samples" />
    </div>
  );
}
