import { SlidersHorizontal } from "lucide-react";
import { Button } from "../parts/button.tsx";
import { Menu, MenuCheck, MenuLabel } from "../parts/menu.tsx";
import type { SourceInfo, Sort } from "../wire.ts";
import { captionOf, type Look, plainColumns, type SetLook, tableColumns } from "./look.ts";

interface ColumnsMenuProps {
  info: SourceInfo;
  look: Look;
  sort: readonly Sort[];
  setLook: SetLook;
}

/** Which numbers stand under the images, or which columns the table has. */
export function ColumnsMenu({ info, look, sort, setLook }: ColumnsMenuProps) {
  const isGrid = look.as === "grid";
  const chosen = isGrid ? captionOf(info, look, sort) : tableColumns(info, look).map(({ name }) => name);
  const toggle = (name: string, isOn: boolean) => {
    const next = isOn ? [...chosen, name] : chosen.filter((one) => one !== name);
    const written = next.length ? next : ["-"];
    setLook(isGrid ? { caption: written } : { columns: written });
  };
  return (
    <Menu
      align="start"
      trigger={
        <Button variant="quiet" small>
          <SlidersHorizontal size={13} />
          {isGrid ? "Captions" : "Columns"}
        </Button>
      }
    >
      <MenuLabel>{isGrid ? "Under each image" : "Columns of the table"}</MenuLabel>
      {plainColumns(info).map(({ name }) => (
        <MenuCheck key={name} checked={chosen.includes(name)} onChange={(isOn) => toggle(name, isOn)}>
          {name}
        </MenuCheck>
      ))}
    </Menu>
  );
}
