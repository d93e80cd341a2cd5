// The one way to take a chart away: a button in the head of its card.
import { Download } from "lucide-react";
import { useContext } from "react";
import { saveFile } from "../data/save-file.ts";
import { IconButton } from "../parts/button.tsx";
import { Menu, MenuItem } from "../parts/menu.tsx";
import { themeColor } from "../parts/theme.ts";
import { useToast } from "../parts/toast.tsx";
import { type ResolveColor, type Figure, figureToSvg } from "./figure/figure.ts";
import { svgToPng } from "./png.ts";
import { Subject } from "./subject.ts";

interface SaveChartProps {
  /** Of the chart; its file has this name. */
  title: string;
  /** Draws it, in the colours of the theme that is shown. */
  figure: (resolveColor: ResolveColor) => Figure;
  /** Its numbers as CSV, where it offers them. */
  numbers?: () => string;
}

/** Saves a chart as PNG or SVG. */
export function SaveChart({ title, figure, numbers }: SaveChartProps) {
  const { fail } = useToast();
  const subject = useContext(Subject);
  const save = async (ending: "png" | "svg" | "csv") => {
    try {
      saveFile(`${title}.${ending}`, await content[ending]());
    } catch (error) {
      fail("The chart was not saved", error);
    }
  };
  const svg = () => {
    const drawn = figure(resolveColor);
    return figureToSvg({ ...drawn, note: [subject, drawn.note].filter(Boolean).join(" · ") }, resolveColor);
  };
  const content = {
    png: () => svgToPng(svg()),
    svg: () => new Blob([svg()], { type: "image/svg+xml" }),
    csv: () => new Blob([numbers?.() ?? ""], { type: "text/csv;charset=utf-8" }),
  };
  return (
    <Menu
      trigger={
        <IconButton label={`Save the chart ${title}`} small>
          <Download size={14} />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => void save("png")}>Picture (PNG)</MenuItem>
      <MenuItem onSelect={() => void save("svg")}>Drawing (SVG)</MenuItem>
      {numbers && <MenuItem onSelect={() => void save("csv")}>Numbers (CSV)</MenuItem>}
    </Menu>
  );
}

const resolveColor: ResolveColor = (color) => (color.startsWith("--") ? themeColor(color) : color);
