// Small multiples of curves, grouped by metric, with one pointer and one set of tools for all.
import { useMemo, useState } from "react";
import { flagParam, numberParam, textParam, useQuery } from "../address/query.ts";
import { Input } from "../parts/input.tsx";
import { Slider } from "../parts/slider.tsx";
import { EmptyState } from "../parts/states.tsx";
import { Switch } from "../parts/switch.tsx";
import { CurveChart } from "./curve-chart.tsx";
import type { CurveChartData } from "./curve-groups.ts";
import styles from "./curve-panel.module.css";

const params = { log: flagParam(), smooth: numberParam(0), charts: textParam() };
const FEW = 4;

export function CurvePanel({ charts }: { charts: CurveChartData[] }) {
  const [{ log, smooth, charts: wanted }, set] = useQuery(params);
  const [x, setX] = useState<number | null>(null);
  const hover = useMemo(() => ({ x, set: setX }), [x]);
  const shown = charts.filter((one) => one.title.toLowerCase().includes(wanted.toLowerCase()));
  const groups = [...new Set(shown.map((one) => one.group))];
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <Slider
          label="Smoothing"
          value={smooth}
          maximum={0.95}
          step={0.05}
          onChange={(value) => set({ smooth: value })}
          format={(value) => value.toFixed(2)}
        />
        <Switch label="Log scale" checked={log} onChange={(value) => set({ log: value })} />
        {charts.length > FEW && (
          <Input
            label="Search charts"
            hideLabel
            placeholder="Search charts"
            type="search"
            className={styles.search}
            value={wanted}
            onChange={(value) => set({ charts: value })}
          />
        )}
      </div>
      {!shown.length && <EmptyState title="No chart has that name" />}
      {groups.map((group) => (
        <section key={group} className={styles.group} aria-label={group}>
          <h3>{group}</h3>
          <div className={styles.charts}>
            {shown
              .filter((one) => one.group === group)
              .map((one) => (
                <CurveChart
                  key={one.title}
                  title={one.title}
                  series={one.series}
                  hover={hover}
                  log={log}
                  smoothing={smooth}
                />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}
