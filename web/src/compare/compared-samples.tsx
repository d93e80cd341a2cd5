// The samples of a comparison: how many changed, which, and what was taken for what.
import { betterOf } from "../data/verdict.ts";
import { Splitter } from "../parts/splitter.tsx";
import { EmptyState } from "../parts/states.tsx";
import type { SourceInfo } from "../wire.ts";
import { type Changes, idsOf, type Side } from "./changes.ts";
import styles from "./compare.module.css";
import { CompareToolbar } from "./compare-toolbar.tsx";
import { type Cell, cellToText } from "./confusion-cells.ts";
import { ConfusionMatrix } from "./confusion-matrix.tsx";
import { LabelsChanged } from "./labels-changed.tsx";
import { PairList } from "./pair-list.tsx";
import { Summary } from "./summary.tsx";
import type { Sides } from "./use-changes.ts";
import { type Comparison, useComparison } from "./use-comparison.ts";

interface ComparedSamplesProps {
  sides: Sides;
  metric: string;
  before: SourceInfo;
  after: SourceInfo;
  changes: Changes;
}

export function ComparedSamples(props: ComparedSamplesProps) {
  const { sides, metric, before, after, changes: all } = props;
  const better = betterOf(after, metric);
  const comparison = useComparison(sides, better, all);
  const { query, set, changes, show } = comparison;
  return (
    <Splitter name="compare" label="Summary" size={300} minimum={220}>
      <Summary
        {...{ changes, metric, better, show }}
        onShow={(next) => set({ show: next, range: null, matrix: "" })}
        range={query.range}
        onRange={(range) => set({ range, show: range ? "all" : "", matrix: "" })}
      >
        {all.labels_changed && (
          <LabelsChanged
            tables={[before.table, after.table]}
            count={comparison.marked}
            isOnly={comparison.isOnly}
            onOnly={(only) => set({ labels: only ? "changed" : "", range: null })}
          />
        )}
      </Summary>
      <div className={styles.main}>
        <CompareToolbar comparison={comparison} info={after} />
        {query.matrix === "" ? <Pairs {...props} comparison={comparison} /> : <Matrix comparison={comparison} sides={sides} />}
      </div>
    </Splitter>
  );
}

function Pairs({ metric, before, after, comparison }: ComparedSamplesProps & { comparison: Comparison }) {
  const { query, changes, show, shown, cell } = comparison;
  if (shown.length) return <PairList {...{ before, after, changes, metric, shown }} confidence={query.confidence} />;
  return (
    <EmptyState title="No matching samples">
      {show === "worse" && !cell && "No sample got worse by this metric."}
    </EmptyState>
  );
}

function Matrix({ comparison, sides }: { comparison: Comparison; sides: Sides }) {
  const { query, set, changes, isOnly, cell } = comparison;
  const side = query.matrix as Side;
  const choose = (one: Cell) =>
    set({ cell: cellToText(one), cell_side: side, show: "all", range: null, matrix: "" }, "push");
  return (
    <ConfusionMatrix
      sources={sides}
      side={side}
      onSide={(next) => set({ matrix: next })}
      confidence={query.confidence}
      only={isOnly ? Array.from(idsOf(changes, side)) : null}
      cell={cell}
      onCell={choose}
    />
  );
}
