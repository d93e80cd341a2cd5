// What the labels of a Table are: how often each class occurs, how large boxes are, what is hardly right.
import { useMemo } from "react";
import { Link } from "wouter";
import { filtersToText } from "../address/filters.ts";
import { sourceName } from "../address/other-source.ts";
import { tablePage } from "../address/pages.ts";
import { post } from "../api.ts";
import { Subject } from "../charts/subject.ts";
import { useResource } from "../data/use-resource.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { counted, shortNumber } from "../parts/numbers.ts";
import { categoriesOf } from "../picture/layers.ts";
import type { ClassCount, Column, Histogram, SourceInfo, Statistics, TableSource } from "../wire.ts";
import { Bars } from "./bars.tsx";
import { ClassBalance } from "./class-balance.tsx";
import styles from "./classes.module.css";

interface ClassesProps {
  table: TableSource;
  info: SourceInfo;
}

export function Classes({ table, info }: ClassesProps) {
  const boxes = info.columns.filter(({ role }) => role === "boxes");
  const labels = info.columns.filter(({ role, categories }) => role === "category" && categories?.length);
  const hrefOf = (f: string) => tablePage(table.project, table.dataset, table.table, { f });
  if (!boxes.length && !labels.length) {
    return <EmptyState title="No classes">This Table has neither boxes nor labels with classes.</EmptyState>;
  }
  return (
    // biome-ignore lint: what scrolls can be reached by the keyboard
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Classes">
      <Subject value={sourceName(table)}>
        {boxes.map((column) => (
          <Boxes key={column.name} info={info} column={column} hrefOf={hrefOf} />
        ))}
        {labels.map((column) => (
          <Labels key={column.name} info={info} column={column} hrefOf={hrefOf} />
        ))}
      </Subject>
    </div>
  );
}

interface PartProps {
  info: SourceInfo;
  column: Column;
  hrefOf: (f: string) => string;
}

function Boxes({ info, column, hrefOf }: PartProps) {
  const found = useResource<Statistics>(`${info.version} ${column.name}`, (signal) =>
    post<Statistics>("/api/statistics", { source: info.source, column: column.name }, signal),
  );
  return (
    <Loaded resource={found}>
      {(statistics) => (
        <div className={styles.part}>
          <ClassBalance
            title={`${counted(statistics.instances, "box", "boxes")} in ${column.name}`}
            counts={statistics.classes}
            categories={categoriesOf(column)}
            noun="boxes"
            filterOf={(id) => ({ kind: "instances", column: column.name, property: "label", values: [id] })}
            hrefOf={hrefOf}
          />
          <div className={styles.measures}>
            <Checks statistics={statistics} hrefOf={hrefOf} />
            <div className={styles.bars}>
              <Measures histograms={statistics.histograms} />
            </div>
          </div>
        </div>
      )}
    </Loaded>
  );
}

function Checks({ statistics: { checks }, hrefOf }: { statistics: Statistics; hrefOf: (f: string) => string }) {
  return (
    <section aria-label="Hardly right">
      <h2>Worth a look</h2>
      {!checks.length && <p className={styles.calm}>No box is tiny, out of its image, labelled twice or without a class.</p>}
      <ul className={styles.checks}>
        {checks.map(({ name, why, instances, example_ids }) => (
          <li key={name}>
            <Link href={hrefOf(filtersToText([{ kind: "rows", example_ids }]))}>{name}</Link>
            <span className={styles.many}>
              {instances ? `${counted(instances, "box", "boxes")} in ` : ""}
              {counted(example_ids.length, "sample")}
            </span>
            <span className={styles.why}>{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Measures({ histograms }: { histograms: Record<string, Histogram> }) {
  const ratio = (value: number) => (value >= 0 ? `${shortNumber(round(2 ** value))} : 1` : `1 : ${shortNumber(round(2 ** -value))}`);
  const pixels = (value: number) => shortNumber(round(value));
  return (
    <>
      {histograms.instances && <Bars title="Boxes in a sample" noun="samples" histogram={histograms.instances} />}
      {histograms.width && <Bars title="Width" noun="boxes" unit="px" histogram={histograms.width} format={pixels} />}
      {histograms.height && <Bars title="Height" noun="boxes" unit="px" histogram={histograms.height} format={pixels} />}
      {histograms.aspect && <Bars title="Width by height" noun="boxes" histogram={histograms.aspect} format={ratio} />}
      {histograms.area && <Bars title="Side by side of the image" noun="boxes" histogram={histograms.area} format={(value) => `${Math.round(value * 100)} %`} />}
    </>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

function Labels({ info, column, hrefOf }: PartProps) {
  const found = useResource<Histogram>(`${info.version} ${column.name} counts`, (signal) =>
    post<Histogram>("/api/histogram", { source: info.source, column: column.name }, signal),
  );
  const counts = useMemo(() => (found.data ? countsOf(found.data) : []), [found.data]);
  return (
    <Loaded resource={found}>
      {() => (
        <div className={styles.part}>
          <ClassBalance
            title={column.name}
            counts={counts}
            categories={column.categories ?? []}
            noun={null}
            filterOf={(id) => ({ kind: "one_of", column: column.name, values: [id] })}
            hrefOf={hrefOf}
          />
        </div>
      )}
    </Loaded>
  );
}

function countsOf({ counts, values, nulls }: Histogram): ClassCount[] {
  const found = counts.flatMap((count, at) => {
    const id = values?.[at];
    return typeof id === "number" && count ? [{ id, instances: count, samples: count }] : [];
  });
  const none = nulls ? [{ id: null, instances: nulls, samples: nulls }] : [];
  return [...found, ...none].sort((a, b) => b.instances - a.instances);
}
