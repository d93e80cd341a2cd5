import { ArrowDownUp, ArrowDownWideNarrow, ArrowUpNarrowWide } from "lucide-react";
import { Button, IconButton } from "../parts/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuLine } from "../parts/menu.tsx";
import type { SourceInfo, Sort } from "../wire.ts";
import { plainColumns, shortTitle } from "./look.ts";

interface SortMenuProps {
  info: SourceInfo;
  sort: readonly Sort[];
  /** Null is the order that shows the failures first. */
  onSort: (sort: Sort[] | null) => void;
}

/** By what the samples are sorted, and which end comes first. */
export function SortMenu({ info, sort, onSort }: SortMenuProps) {
  const [by] = sort;
  const columns = plainColumns(info).map(({ name }) => ({ value: name, label: name }));
  const Direction = by?.descending ? ArrowDownWideNarrow : ArrowUpNarrowWide;
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button variant="quiet" small aria-label={`Sort by ${by ? shortTitle(by.column, info) : "order of the table"}`}>
            <ArrowDownUp size={13} />
            {by ? shortTitle(by.column, info) : "order of the table"}
          </Button>
        }
      >
        {info.worst_first.length > 0 && <MenuItem onSelect={() => onSort(null)}>Worst first</MenuItem>}
        <MenuItem onSelect={() => onSort([])}>Order of the table</MenuItem>
        <MenuLine />
        <MenuChoice
          value={by?.column ?? ""}
          options={columns}
          onChange={(column) => onSort([{ column, descending: false }])}
        />
      </Menu>
      {by && (
        <IconButton
          label={by.descending ? "Largest first" : "Smallest first"}
          small
          onClick={() => onSort([{ ...by, descending: !by.descending }])}
        >
          <Direction size={14} />
        </IconButton>
      )}
    </>
  );
}
