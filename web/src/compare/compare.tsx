// Two collections of the same Table, sample by sample: of two runs, or of two epochs.
import { Loaded } from "../parts/states.tsx";
import type { Run, SourceInfo } from "../wire.ts";
import { ComparedSamples } from "./compared-samples.tsx";
import { compareParams } from "./params.ts";
import { TwoSides } from "./two-sides.tsx";
import { useSourceInfo } from "../data/source-info.ts";
import { type Sides, useChanges } from "./use-changes.ts";

const CLEAR = { sides: { cell: "", range: null }, kind: {}, metric: { range: null } };

export function Compare({ run }: { run: Run }) {
  return (
    <TwoSides run={run} params={compareParams} clear={CLEAR}>
      {(sides, info, metric) => <Compared {...{ sides, info, metric }} />}
    </TwoSides>
  );
}

interface ComparedProps {
  sides: Sides;
  /** Of the side after. */
  info: SourceInfo;
  metric: string;
}

function Compared({ sides, info, metric }: ComparedProps) {
  const before = useSourceInfo(sides.before);
  const changes = useChanges(sides, metric);
  return (
    <Loaded resource={changes}>
      {(data) => (
        <Loaded resource={before}>
          {(beforeInfo) => (
            <ComparedSamples {...{ sides, metric }} before={beforeInfo} after={info} changes={data} />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
