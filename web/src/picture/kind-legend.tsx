// What the colours and dashes of a picture mean, with how many there are; a click hides a kind.
import { classNames } from "../parts/class-names.ts";
import { Tooltip } from "../parts/tooltip.tsx";
import { isShown } from "./draw.ts";
import { KINDS, kindOf } from "./kinds.ts";
import styles from "./kind-legend.module.css";
import type { Layer } from "./layers.ts";

interface KindLegendProps {
  layers: readonly Layer[];
  confidence: number;
  hiddenKinds: ReadonlySet<string>;
  onChange: (hidden: ReadonlySet<string>) => void;
}

export function KindLegend({ layers, confidence, hiddenKinds, onChange }: KindLegendProps) {
  const counts = countKinds(layers, confidence);
  const toggle = (kind: string) => {
    const next = new Set(hiddenKinds);
    if (!next.delete(kind)) next.add(kind);
    onChange(next);
  };
  return (
    <div className={styles.legend} role="group" aria-label="Kinds of boxes">
      {Object.keys(KINDS)
        .filter((kind) => counts.has(kind))
        .map((kind) => (
          <Tooltip key={kind} content={KINDS[kind]?.means}>
            <button
              type="button"
              className={classNames(styles.kind, hiddenKinds.has(kind) && styles.off)}
              aria-pressed={!hiddenKinds.has(kind)}
              onClick={() => toggle(kind)}
            >
              <KindMark kind={kind} />
              {KINDS[kind]?.name}
              <span className={styles.count}>{counts.get(kind)}</span>
            </button>
          </Tooltip>
        ))}
    </div>
  );
}

/** A short line as the kind is drawn. */
export function KindMark({ kind }: { kind: string }) {
  const { token, dash } = KINDS[kind] ?? { token: "--ignored", dash: [] };
  return (
    <svg width="18" height="10" aria-hidden>
      <line x1="1" y1="5" x2="17" y2="5" strokeWidth="2.5" stroke={`var(${token})`} strokeDasharray={dash.join(" ")} />
    </svg>
  );
}

function countKinds(layers: readonly Layer[], confidence: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const layer of layers) {
    for (const one of layer.instances) {
      if (!isShown(layer, one, { confidence })) continue;
      const kind = kindOf(layer.isTruth, one.kind);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}
