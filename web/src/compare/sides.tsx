// Which two collections are compared, and by which metric.
import { ArrowLeftRight } from "lucide-react";
import type { ReactNode } from "react";
import { segments } from "../api.ts";
import { sourceKey, sourceTitle } from "../address/other-source.ts";
import { useGet } from "../data/use-resource.ts";
import { IconButton } from "../parts/button.tsx";
import { Select } from "../parts/select.tsx";
import type { MetricsSource, Project, Run } from "../wire.ts";
import styles from "./sides.module.css";

interface SidesBarProps {
  run: Run;
  other: Run;
  before: MetricsSource | null;
  after: MetricsSource;
  onOtherRun: (name: string) => void;
  onBefore: (source: MetricsSource) => void;
  onAfter: (source: MetricsSource) => void;
  metrics: string[];
  metric: string | null;
  onMetric: (name: string) => void;
  children?: ReactNode;
}

export function SidesBar(props: SidesBarProps) {
  const { run, other, before, after, onBefore, onAfter, metrics, metric, children } = props;
  const project = useGet<Project>(`/api/projects/${segments(run.row.project)}`);
  const names = new Set([
    run.row.name,
    other.row.name,
    ...(project.data?.runs ?? []).filter((row) => row.collections > 0).map((row) => row.name),
  ]);
  const isSameRun = run.row.name === other.row.name;
  return (
    <div className={styles.bar}>
      <div className={styles.side} role="group" aria-label="Before">
        <h3>Before</h3>
        <Select
          label="Run before"
          hideLabel
          value={other.row.name}
          options={[...names].map((name) => ({
            value: name,
            label: name === run.row.name ? "this run" : name,
          }))}
          onChange={props.onOtherRun}
        />
        <SourceSelect label="Collection before" run={other} value={before} onChange={onBefore} />
      </div>
      {isSameRun && before && (
        <IconButton
          label="Swap"
          onClick={() => {
            onAfter(before);
            onBefore(after);
          }}
        >
          <ArrowLeftRight size={15} />
        </IconButton>
      )}
      <div className={styles.side} role="group" aria-label="After">
        <h3>After</h3>
        <SourceSelect label="Collection after" run={run} value={after} onChange={onAfter} />
      </div>
      {metric && (
        <Select
          label="Metric"
          value={metric}
          options={metrics.map((name) => ({ value: name, label: name }))}
          onChange={props.onMetric}
        />
      )}
      {children}
    </div>
  );
}

interface SourceSelectProps {
  label: string;
  run: Run;
  value: MetricsSource | null;
  onChange: (source: MetricsSource) => void;
}

function SourceSelect({ label, run, value, onChange }: SourceSelectProps) {
  const sources = run.sources.map((row) => row.source);
  const options = sources.map((source) => ({
    value: sourceKey(source),
    label: sourceTitle(source),
  }));
  return (
    <Select
      label={label}
      hideLabel
      value={value ? sourceKey(value) : ""}
      options={value ? options : [{ value: "", label: "Choose …" }, ...options]}
      onChange={(key) => {
        const chosen = sources.find((source) => sourceKey(source) === key);
        if (chosen) onChange(chosen);
      }}
    />
  );
}
