// Several runs beside each other: what was set differently, what came of it, and how.
import { ArrowLeft, Images } from "lucide-react";
import { useMemo } from "react";
import { Link, useLocation } from "wouter";
import { get, segments } from "../api.ts";
import { runPage } from "../address/pages.ts";
import { flagParam, useQuery } from "../address/query.ts";
import { chartsOfRuns } from "../charts/curve-groups.ts";
import { CurvePanel } from "../charts/curve-panel.tsx";
import { seriesColor } from "../charts/scales/series.ts";
import { Subject } from "../charts/subject.ts";
import { useResource } from "../data/use-resource.ts";
import { Button } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import { EmptyState, Loaded } from "../parts/states.tsx";
import { Switch } from "../parts/switch.tsx";
import type { Curves, RunRow } from "../wire.ts";
import { bestOf, type ComparedField, compared } from "./compare-runs.ts";
import type { Field } from "./field.ts";
import { RunCell } from "./run-cell.tsx";
import styles from "./run-comparison.module.css";

const params = { all: flagParam() };

interface RunComparisonProps {
  project: string;
  /** In the order in which they were selected. */
  runs: RunRow[];
  onBack: () => void;
}

export function RunComparison({ project, runs, onBack }: RunComparisonProps) {
  const [{ all }, set] = useQuery(params);
  const [, go] = useLocation();
  const parameters = useMemo(() => compared(runs, "Hyperparameters"), [runs]);
  const metrics = useMemo(() => compared(runs, "Metrics"), [runs]);
  const different = parameters.filter((one) => one.isDifferent);
  const [first, second] = runs;
  const samples = () =>
    first &&
    second &&
    go(runPage(project, first.name, { tab: "compare", other_run: second.name }));
  return (
    <div className={styles.page} tabIndex={0} role="region" aria-label="Comparison of runs">
      <div className={styles.head}>
        <Button variant="quiet" onClick={onBack}>
          <ArrowLeft size={15} />
          All runs
        </Button>
        <h2>{runs.length} runs compared</h2>
        {runs.length === 2 && (
          <Button onClick={samples}>
            <Images size={15} />
            Compare their samples
          </Button>
        )}
      </div>
      <section className={styles.section} aria-label="Hyperparameters">
        <div className={styles.title}>
          <h3>Hyperparameters that differ</h3>
          <Switch
            label={`All ${parameters.length}`}
            checked={all}
            onChange={(on) => set({ all: on })}
          />
        </div>
        {different.length || all ? (
          <ComparedTable runs={runs} fields={all ? parameters : different} />
        ) : (
          <p className={styles.none}>None: these runs were started with the same values.</p>
        )}
      </section>
      {metrics.length > 0 && (
        <section className={styles.section} aria-label="Last values">
          <h3>Last values</h3>
          <ComparedTable runs={runs} fields={metrics} hasBest />
        </section>
      )}
      <ComparedCurves project={project} runs={runs} />
    </div>
  );
}

function ComparedCurves({ project, runs }: { project: string; runs: RunRow[] }) {
  const names = runs.map((run) => run.name);
  const curves = useResource(
    JSON.stringify([project, names]),
    (signal) =>
      Promise.all(
        names.map((name) => get<Curves>(`/api/runs/${segments(project, name)}/curves`, signal)),
      ),
    { refreshOn: (event) => event.project === project && names.includes(event.name ?? "") },
  );
  const charts = useMemo(
    () =>
      chartsOfRuns(
        (curves.data ?? []).map((one, place) => ({
          name: one.run,
          color: seriesColor(place),
          curves: one.curves,
        })),
        runs[0]?.parameters["training.metric_to_watch"],
      ),
    [curves.data, runs],
  );
  return (
    <Loaded resource={curves}>
      {() =>
        charts.length ? (
          <Subject value={project}>
            <CurvePanel charts={charts} />
          </Subject>
        ) : (
          <EmptyState title="None of these runs has logged a metric" />
        )
      }
    </Loaded>
  );
}

interface ComparedTableProps {
  runs: RunRow[];
  fields: ComparedField[];
  hasBest?: boolean;
}

function ComparedTable({ runs, fields, hasBest }: ComparedTableProps) {
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Values by run">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Name</span>
            </th>
            {runs.map((run, place) => (
              <th key={run.name} scope="col" title={run.name}>
                <Link href={runPage(run.project, run.name)} className={styles.run}>
                  <Swatch place={place} />
                  <span>{run.name}</span>
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, values }) => (
            <tr key={field.id}>
              <th scope="row" title={field.label}>
                {field.label}
              </th>
              <Cells runs={runs} field={field} best={hasBest ? bestOf(field, values) : null} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ runs, field, best }: { runs: RunRow[]; field: Field; best: number | null }) {
  return runs.map((run) => {
    const isBest = best !== null && field.value(run) === best;
    return (
      <td key={run.name} className={classNames(isBest && styles.best)}>
        <RunCell run={run} field={field} />
        {isBest && <span className="visually-hidden"> (best)</span>}
      </td>
    );
  });
}

function Swatch({ place }: { place: number }) {
  return (
    <span className={styles.swatch} style={{ background: `var(${seriesColor(place)})` }} />
  );
}
