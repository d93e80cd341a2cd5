// Which samples regressed between two epochs or runs, which were forgotten, and where on a fixed map.
import { useQuery } from "../address/query.ts";
import { areOfOneKind, sameOverTime } from "../address/source.ts";
import { TwoSides } from "../compare/two-sides.tsx";
import { useSourceInfo } from "../data/source-info.ts";
import type { Sides } from "../compare/use-changes.ts";
import { Input } from "../parts/input.tsx";
import { Loaded } from "../parts/states.tsx";
import type { Run, SourceInfo } from "../wire.ts";
import { SamplesByOutcome } from "./samples-by-outcome.tsx";
import styles from "./history.module.css";
import { historyParams } from "./params.ts";
import { useFixedMap, useHistories } from "./use-histories.ts";

const CLEAR = { sides: {}, kind: { shape: null }, metric: {} };

export function History({ run }: { run: Run }) {
  const [{ threshold }, set] = useQuery(historyParams);
  const rightFrom = (
    <Input
      label="Right from"
      type="number"
      step="0.05"
      className={styles.threshold}
      title="A sample is right where the metric reaches this; forgotten where it falls back"
      value={String(threshold)}
      onChange={(text) => Number.isFinite(Number(text)) && set({ threshold: Number(text) })}
    />
  );
  return (
    <TwoSides run={run} params={historyParams} clear={CLEAR} extra={rightFrom}>
      {(sides, info, metric) => <Curves {...{ run, sides, info, metric }} />}
    </TwoSides>
  );
}

interface CurvesProps {
  run: Run;
  sides: Sides;
  /** Of the side after. */
  info: SourceInfo;
  metric: string;
}

function Curves({ run, sides, info, metric }: CurvesProps) {
  const { before, after } = sides;
  const isOne = areOfOneKind(before, after);
  const later = useHistories(after, metric);
  const earlier = useHistories(isOne ? null : before, metric, after);
  // The last epoch: its map is the one that stays.
  const map = useFixedMap(useSourceInfo(sameOverTime(run.sources, after).at(-1)?.source ?? after).data);
  const shown = { sides, info, metric, map: map.data };
  return (
    <Loaded resource={later}>
      {(now) =>
        isOne ? (
          <SamplesByOutcome {...shown} later={now} earlier={null} />
        ) : (
          <Loaded resource={earlier}>{(then) => <SamplesByOutcome {...shown} later={now} earlier={then} />}</Loaded>
        )
      }
    </Loaded>
  );
}
