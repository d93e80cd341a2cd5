import { useEffect, useState } from "react";
import { post } from "../api.ts";
import { Counts } from "../charts/counts.tsx";
import { countFigure } from "../charts/figure/counts.ts";
import { SaveChart } from "../charts/save-chart.tsx";
import { slotOf } from "../filters/slots.ts";
import { useResource } from "../data/use-resource.ts";
import { Slider } from "../parts/slider.tsx";
import type { Category, Filter, Histogram, HistogramRequest, SourceInfo } from "../wire.ts";
import { CardTools } from "./filter-card.tsx";
import type { FilterProps } from "./filter-props.ts";
import { countsOfFilter } from "./filter-figures.ts";
import { versionKey } from "../data/source-info.ts";
import { CONFIDENT } from "../address/list-params.ts";
import { ofKind } from "../filters/filter-kind.ts";
import { instanceValueName } from "../filters/names.ts";

interface InstancesFilterProps extends FilterProps {
  info: SourceInfo;
  title: string;
  /** Empty for a list. */
  property: string;
  categories: readonly Category[];
  /** All filters in force. */
  filters: Filter[];
}

/** How many samples have an instance of each label or kind, from a confidence on. */
export function InstancesFilter(props: InstancesFilterProps) {
  const { info, title, column, property, categories, filters, filter, onFilter } = props;
  const own = ofKind(filter, "instances");
  const [least, setLeast] = useState(own ? (own.confidence ?? 0) : property === "error_kind" ? CONFIDENT : 0);
  useEffect(() => setLeast((now) => (own ? (own.confidence ?? 0) : now)), [own]);
  const hasConfidence = Boolean(column.properties?.some(({ name }) => name === "confidence"));
  const confidence = hasConfidence && least > 0 ? least : null;
  const make = (values: (number | null)[], at: number | null): Filter | null =>
    values.length ? { kind: "instances", column: column.name, property, values, confidence: at } : null;
  const slot = slotOf({ kind: "instances", column: column.name, property, values: [] });
  const ask = (others: Filter[]): HistogramRequest => ({
    source: info.source,
    column: column.name,
    property,
    confidence,
    filters: others,
  });
  const totals = useCounts(info, ask([]));
  const counts = useCounts(info, ask(filters.filter((one) => slotOf(one) !== slot)));
  const values = categories.map(({ id }) => ({
    value: id,
    name: instanceValueName(property, id, categories),
    color: null,
    total: totals?.get(id) ?? 0,
    count: counts ? (counts.get(id) ?? 0) : null,
  }));
  const note = confidence === null ? undefined : `confidence ≥ ${confidence.toFixed(2)}`;
  return (
    <>
      <CardTools>
        <SaveChart title={title} figure={(resolveColor) => countFigure({ ...countsOfFilter(title, values), note }, resolveColor)} />
      </CardTools>
      <Counts
        label={property ? `${column.name} ${property}` : column.name}
        values={values}
        chosen={own?.values ?? []}
        onChoose={(values) => onFilter(make(values, confidence))}
      />
      {hasConfidence && (
        <Slider
          label="Confidence"
          value={least}
          maximum={1}
          step={0.05}
          format={(value) => `≥ ${value.toFixed(2)}`}
          onChange={(value) => {
            setLeast(value);
            if (own) onFilter(make(own.values, value > 0 ? value : null));
          }}
        />
      )}
    </>
  );
}

/** Samples by value; the last answer stays until the next one is there. */
function useCounts(info: SourceInfo, request: HistogramRequest): Map<unknown, number> | null {
  const [settled, setSettled] = useState(request);
  const text = JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: requests are compared by their text
  useEffect(() => {
    const timer = setTimeout(() => setSettled(request), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useResource(
    `${versionKey(info)}${JSON.stringify(settled)}`,
    (signal) => post<Histogram>("/api/histogram", settled, signal),
    { keep: true },
  );
  return data && new Map(data.values?.map((value, at) => [value, data.counts[at] ?? 0]));
}
