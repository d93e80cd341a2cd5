// By what the samples are placed: a map of embeddings, or two or three columns.
import { Box } from "lucide-react";
import { IconButton } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import type { SourceInfo } from "../wire.ts";
import { axisColumns, plainAxes, type SetLook } from "./look.ts";
import styles from "./scatter-pane.module.css";

interface AxisSelectsProps {
  info: SourceInfo;
  axes: string[];
  setLook: SetLook;
}

const COLUMNS = "";

export function AxisSelects({ info, axes, setLook }: AxisSelectsProps) {
  const maps = info.columns.filter(({ role }) => role === "coordinates");
  const [x = "", y = "", z = ""] = axes;
  const own = maps.find(({ name }) => axes.every((axis) => axis.startsWith(`${name}.`)));
  const choose = (name: string) => {
    const [first = "", second = ""] = name === COLUMNS ? plainAxes(info) : [`${name}.0`, `${name}.1`];
    setLook({ x: first, y: second, z: "" });
  };
  const deep = (next: string) => setLook({ x, y, z: next });
  return (
    <>
      {maps.length > 0 && (
        <Select
          label="Axes"
          hideLabel
          value={own?.name ?? COLUMNS}
          options={[
            ...maps.map(({ name }) => ({ value: name, label: name, group: "Maps of embeddings" })),
            { value: COLUMNS, label: "two columns", group: "Metrics" },
          ]}
          onChange={choose}
          className={styles.axis}
        />
      )}
      {!own && maps.length === 0 && <span className={styles.title}>Scatter</span>}
      {own && own.size === 3 && (
        <IconButton label="Three dimensions" small pressed={z !== ""} onClick={() => deep(z ? "" : `${own.name}.2`)}>
          <Box size={14} />
        </IconButton>
      )}
    </>
  );
}

/** The columns of a scatter that is no map. */
export function ColumnSelects({ info, axes, setLook }: AxisSelectsProps) {
  const [x = "", y = "", z = ""] = axes;
  const isMap = info.columns.some(
    ({ name, role }) => role === "coordinates" && axes.every((axis) => axis.startsWith(`${name}.`)),
  );
  if (isMap) return null;
  return (
    <div className={styles.columns}>
      <Columns info={info} x={x} y={y} z={z} setLook={setLook} />
    </div>
  );
}

interface ColumnsProps {
  info: SourceInfo;
  x: string;
  y: string;
  z: string;
  setLook: SetLook;
}

function Columns({ info, x, y, z, setLook }: ColumnsProps) {
  const options = axisColumns(info).map(({ name, group }) => ({ value: name, label: name, group }));
  const third = options.find(({ value }) => value !== x && value !== y)?.value ?? "";
  const select = (label: string, value: string, onChange: (next: string) => void) => (
    <Select
      key={label}
      label={label}
      hideLabel
      value={value}
      options={options}
      onChange={onChange}
      className={styles.axis}
    />
  );
  return (
    <>
      {select("Across", x, (next) => setLook({ x: next, y, z }))}
      <span className={styles.times} aria-hidden>
        ×
      </span>
      {select("Up", y, (next) => setLook({ x, y: next, z }))}
      {z && select("Deep", z, (next) => setLook({ x, y, z: next }))}
      <IconButton
        label="Three dimensions"
        small
        pressed={z !== ""}
        disabled={third === ""}
        onClick={() => setLook({ x, y, z: z ? "" : third })}
      >
        <Box size={14} />
      </IconButton>
    </>
  );
}
