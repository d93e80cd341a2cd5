// What the colours of the points mean, and by which column they are chosen.
import { colorOf } from "../charts/scales/colors.ts";
import { shortNumber } from "../parts/numbers.ts";
import { Select } from "../parts/select.tsx";
import { useTheme } from "../parts/theme.ts";
import type { SourceInfo } from "../wire.ts";
import { ONE_COLOUR, plainColumns, type SetLook } from "./look.ts";
import styles from "./scatter-pane.module.css";
import { rampOf } from "./scatter-keys.ts";
import type { Colouring } from "./use-points.ts";

interface ColorLegendProps {
  colouring: Colouring;
  info: SourceInfo;
  colour: string;
  setLook: SetLook;
}

const FEW = 9;

export function ColorLegend({ colouring, info, colour, setLook }: ColorLegendProps) {
  const options = [
    { value: ONE_COLOUR, label: "None" },
    ...plainColumns(info)
      .filter(({ role }) => role !== "text")
      .map(({ name, origin }) => ({ value: name, label: name, group: origin === "input" ? "Table" : "Metrics" })),
  ];
  return (
    <div className={styles.legend}>
      <Select
        label="Colour"
        value={colour}
        options={options}
        onChange={(next) => setLook({ colour: next })}
        className={styles.colour}
      />
      {colouring.kind === "numbers" && <Numbers low={colouring.low} high={colouring.high} />}
      {colouring.kind === "categories" && (
        <ul className={styles.classes}>
          {colouring.categories.slice(0, FEW).map((category, place) => (
            <li key={category.id} title={category.name}>
              <i style={{ background: colorOf(category, place) }} />
              <span>{category.name}</span>
            </li>
          ))}
          {colouring.categories.length > FEW && <li>and {colouring.categories.length - FEW} more</li>}
        </ul>
      )}
    </div>
  );
}

function Numbers({ low, high }: { low: number; high: number }) {
  const { shown } = useTheme();
  return (
    <div className={styles.ramp} role="img" aria-label={`Colours from ${shortNumber(low)} to ${shortNumber(high)}`}>
      <span>{shortNumber(low)}</span>
      <div style={{ background: `linear-gradient(to right, ${rampOf(shown).join(", ")})` }} />
      <span>{shortNumber(high)}</span>
    </div>
  );
}
