// What the labels of a Table are: how often each class occurs, how large boxes are, what is hardly right.
import { useMemo } from "react";
import { sourceName } from "../address/other-source.ts";
import { tablePage } from "../address/pages.ts";
import { post } from "../api.ts";
import { Subject } from "../charts/subject.ts";
import { useResource } from "../data/use-resource.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import type { ClassCount, Column, Histogram, SourceInfo, TableSource } from "../wire.ts";
import { ClassBalance } from "./class-balance.tsx";
import styles from "./classes.module.css";
import { LabelStatistics, LABEL_NOUNS } from "./label-statistics.tsx";

interface ClassesProps {
  table: TableSource;
  info: SourceInfo;
}

export function Classes({ table, info }: ClassesProps) {
  const annotations = info.columns.filter(({ role }) => role in LABEL_NOUNS);
  const labels = info.columns.filter(({ role, categories }) => role === "category" && categories?.length);
  const hrefOf = (f: string) => tablePage(table.project, table.dataset, table.table, { f });
  if (!annotations.length && !labels.length) {
    return <EmptyState title="No classes">This Table has no labels with classes.</EmptyState>;
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Classes">
      <Subject value={sourceName(table)}>
        {annotations.map((column) => (
          <LabelStatistics key={column.name} info={info} column={column} hrefOf={hrefOf} />
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
