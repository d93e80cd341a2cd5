// The epochs of a run: the same samples at another time.
import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "../parts/button.tsx";
import { useShortcuts } from "../parts/shortcuts.tsx";
import { Slider } from "../parts/slider.tsx";
import type { MetricsSource, SourceRow } from "../wire.ts";
import styles from "./toolbar.module.css";

interface EpochPlayerProps {
  /** Collections that differ in the epoch only, in order. */
  moments: SourceRow[];
  source: MetricsSource;
  onSource: (source: MetricsSource) => void;
  /** Whether the samples of the moment are shown: the next one waits for that. */
  ready: boolean;
}

const STEP_MS = 1100;

export function EpochPlayer({ moments, source, onSource, ready }: EpochPlayerProps) {
  const [plays, setPlays] = useState(false);
  const at = moments.findIndex((moment) => (moment.source.epoch ?? null) === (source.epoch ?? null));
  const latest = useRef({ at, moments, onSource });
  latest.current = { at, moments, onSource };
  const go = (to: number) => {
    const next = moments[Math.max(0, Math.min(to, moments.length - 1))];
    if (next) onSource(next.source);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: each epoch that is shown starts the clock
  useEffect(() => {
    if (!plays || !ready) return;
    const timer = setTimeout(() => {
      const { at: now, moments: all, onSource: set } = latest.current;
      const next = all[now + 1];
      if (next) set(next.source);
      else setPlays(false);
    }, STEP_MS);
    return () => clearTimeout(timer);
  }, [plays, ready, at]);
  const play = () => {
    if (!plays && at === moments.length - 1) go(0);
    setPlays(!plays);
  };
  const isAlone = moments.length < 2;
  useShortcuts([
    { keys: "p", description: "Play the epochs", group: "Samples", run: play, disabled: isAlone },
    { keys: "[", description: "Earlier epoch", group: "Samples", run: () => go(at - 1), disabled: isAlone },
    { keys: "]", description: "Later epoch", group: "Samples", run: () => go(at + 1), disabled: isAlone },
  ]);
  const name = (place: number) => `${moments[place]?.source.epoch ?? "end"}`;
  if (isAlone) return <span className={styles.moment}>epoch {name(0)}</span>;
  return (
    <div className={styles.time}>
      <IconButton label={plays ? "Pause" : "Play the epochs"} keys="p" small onClick={play}>
        {plays ? <Pause size={14} /> : <Play size={14} />}
      </IconButton>
      <Slider label="Epoch" value={Math.max(0, at)} maximum={moments.length - 1} onChange={go} format={name} />
    </div>
  );
}
