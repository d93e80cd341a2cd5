// The samples of a comparison: how many changed, which, and what was taken for what.
import { Grid3x3, Images, X } from "lucide-react";
import { useMemo } from "react";
import { rows } from "../api.ts";
import { useQuery } from "../address/query.ts";
import { useResource } from "../data/use-resource.ts";
import { Button } from "../parts/button.tsx";
import { countWith, shortNumber } from "../parts/numbers.ts";
import { Slider } from "../parts/slider.tsx";
import { Splitter } from "../parts/splitter.tsx";
import { EmptyState } from "../parts/states.tsx";
import type { SourceInfo } from "../wire.ts";
import { cellToText, textToCell } from "./confusion-cells.ts";
import { type Changes, countOf, idsOf, ofChangedLabels, rowsToShow, type Side, summarizeChanges } from "./changes.ts";
import styles from "./compare.module.css";
import { ConfusionMatrix } from "./confusion-matrix.tsx";
import { LabelsChanged } from "./labels-changed.tsx";
import { PairList } from "./pair-list.tsx";
import { compareParams } from "./params.ts";
import { Summary } from "./summary.tsx";
import { type Sides, sidesKey } from "./use-changes.ts";

interface BodyProps {
  sides: Sides;
  metric: string;
  before: SourceInfo;
  after: SourceInfo;
  changes: Changes;
}

export function ComparedSamples({ sides, metric, before, after, changes: all }: BodyProps) {
  const [query, set] = useQuery(compareParams);
  const marked = useMemo(() => countOf(all.labels_changed ?? []), [all]);
  const isOnly = marked > 0 && query.labels === "changed";
  const changes = useMemo(() => (isOnly ? ofChangedLabels(all) : all), [all, isOnly]);
  const cell = textToCell(query.cell);
  const taken = useSamplesOf(sides, query.cell, query.cell_side, query.confidence);
  const show = query.show || (summarizeChanges(changes, metric).counts.worse ? "worse" : "all");
  const shown = useMemo(
    () => rowsToShow(changes, metric, show, taken.samples, query.range),
    [changes, metric, show, taken.samples, query.range],
  );
  return (
    <Splitter name="compare" label="Summary" size={300} minimum={220}>
      <Summary
        {...{ changes, metric, show }}
        onShow={(show) => set({ show, range: null, matrix: "" })}
        range={query.range}
        onRange={(range) => set({ range, show: range ? "all" : "", matrix: "" })}
      >
        {all.labels_changed && (
          <LabelsChanged
            tables={[before.table, after.table]}
            count={marked}
            isOnly={isOnly}
            onOnly={(only) => set({ labels: only ? "changed" : "", range: null })}
          />
        )}
      </Summary>
      <div className={styles.main}>
        <div className={styles.filters}>
          <Button
            small
            pressed={query.matrix === ""}
            onClick={() => set({ matrix: "" })}
          >
            <Images size={14} />
            Samples
          </Button>
          <Button
            small
            pressed={query.matrix !== ""}
            onClick={() => set({ matrix: query.cell_side })}
          >
            <Grid3x3 size={14} />
            Confusion matrix
          </Button>
          <Slider
            label="Confidence at least"
            value={query.confidence}
            maximum={1}
            step={0.05}
            onChange={(confidence) => set({ confidence })}
            format={(value) => value.toFixed(2)}
          />
          <span className={styles.space} />
          {cell && (
            <Button small onClick={() => set({ cell: "" })}>
              {cellName(query.cell, after)} ({query.cell_side})
              <X size={13} aria-label="Show the samples of all cells" />
            </Button>
          )}
          {query.range && (
            <Button small onClick={() => set({ range: null, show: "" })}>
              {shortNumber(query.range[0])} to {shortNumber(query.range[1])}
              <X size={13} aria-label="Show all differences" />
            </Button>
          )}
          <span role="status">{taken.isLoading ? "…" : countWith(shown.length, "sample")}</span>
        </div>
        {query.matrix !== "" ? (
          <ConfusionMatrix
            sources={sides}
            side={query.matrix as Side}
            onSide={(side) => set({ matrix: side })}
            confidence={query.confidence}
            only={isOnly ? Array.from(idsOf(changes, query.matrix as Side)) : null}
            cell={cell}
            onCell={(one) =>
              set(
                {
                  cell: cellToText(one),
                  cell_side: query.matrix as Side,
                  show: "all",
                  range: null,
                  matrix: "",
                },
                "push",
              )
            }
          />
        ) : shown.length ? (
          <PairList
            {...{ before, after, changes, metric, shown }}
            confidence={query.confidence}
          />
        ) : (
          <EmptyState title="No sample is like that">
            {show === "worse" && !cell && "No sample got worse by this metric."}
          </EmptyState>
        )}
      </div>
    </Splitter>
  );
}

/** The samples in a cell of the confusion matrix; null for all. */
function useSamplesOf(sides: Sides, text: string, side: Side, confidence: number) {
  const cell = textToCell(text);
  const found = useResource(cell && `${sidesKey(sides)} ${text} ${side} ${confidence}`, async (signal) => {
    const filters = [{ kind: "confusion", ...cell, confidence }];
    const table = await rows("/api/ids", { source: sides[side], filters }, signal);
    return new Set<number>(table.getChild("example_id").toArray() as Iterable<number>);
  });
  const isAll = cell === null;
  const samples = useMemo(
    () => (isAll ? null : { ids: found.data ?? EMPTY, side }),
    [isAll, found.data, side],
  );
  return { samples, isLoading: !isAll && found.loading };
}

const EMPTY: ReadonlySet<number> = new Set();

function cellName(text: string, info: SourceInfo): string {
  const cell = textToCell(text);
  const categories = info.columns
    .filter((column) => [...info.truth, ...info.predictions].includes(column.name))
    .flatMap((column) => [
      ...(column.categories ?? []),
      ...(column.properties?.find((one) => one.name === "label")?.categories ?? []),
    ]);
  const name = (id: number | null | undefined) =>
    id === null || id === undefined
      ? "background"
      : (categories.find((one) => one.id === id)?.name ?? String(id));
  return `${name(cell?.truth)} → ${name(cell?.predicted)}`;
}
