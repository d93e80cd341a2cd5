import { Download } from "lucide-react";
import type { RefObject } from "react";
import { chartPng, chartSvg } from "../charts/picture.ts";
import { saveFile } from "../data/save.ts";
import { IconButton } from "../parts/button.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";
import { useToast } from "../parts/toast.tsx";

interface MapExportProps {
  frame: RefObject<HTMLElement | null>;
  name: string;
}

/** A chart as PNG or SVG. */
export function MapExport({ frame, name }: MapExportProps) {
  const { fail } = useToast();
  const save = async (kind: "png" | "svg") => {
    if (!frame.current) return;
    try {
      const content =
        kind === "png"
          ? await chartPng(frame.current)
          : new Blob([chartSvg(frame.current)], { type: "image/svg+xml" });
      saveFile(`${name.replace(/[^\w-]+/g, "-")}.${kind}`, content);
    } catch (error) {
      fail("The chart was not saved", error);
    }
  };
  return (
    <Menu
      trigger={
        <IconButton label="Save the chart" small>
          <Download size={14} />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => void save("png")}>As PNG</MenuItem>
      <MenuItem onSelect={() => void save("svg")}>As SVG</MenuItem>
    </Menu>
  );
}
