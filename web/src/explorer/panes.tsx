// Filters, samples and scatter beside each other, or below each other on a small screen.
import type { ReactNode } from "react";
import { Splitter } from "../parts/splitter.tsx";
import styles from "./samples.module.css";

interface PanesProps {
  isNarrow: boolean;
  panel: ReactNode;
  centre: ReactNode;
  map: ReactNode;
}

/** A pane that is null is closed. */
export function Panes({ isNarrow, ...panes }: PanesProps) {
  return (
    <div className={styles.panes} data-narrow={isNarrow || undefined}>
      {isNarrow ? <Narrow {...panes} /> : <Wide {...panes} />}
    </div>
  );
}

type Shown = Omit<PanesProps, "isNarrow">;

function Wide({ panel, centre, map }: Shown) {
  const right = map ? (
    <Splitter name="map" label="Size of the scatter" sized="second" size={430} minimum={260} maximum={1000}>
      {centre}
      {map}
    </Splitter>
  ) : (
    centre
  );
  if (!panel) return right;
  return (
    <Splitter name="filters" label="Size of the filters" size={256} minimum={200} maximum={480}>
      {panel}
      {right}
    </Splitter>
  );
}

/** On a small screen one below the other; filters and map only where they are asked for. */
function Narrow({ panel, centre, map }: Shown) {
  return (
    <>
      {panel && <div className={styles.some}>{panel}</div>}
      {map && <div className={styles.some}>{map}</div>}
      <div className={styles.most}>{centre}</div>
    </>
  );
}
