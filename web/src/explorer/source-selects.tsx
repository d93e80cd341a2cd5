// Which collection of a run is shown: its split, and when.
import type { MetricsSource, SourceRow } from "../wire.ts";
import { Select } from "../parts/select.tsx";
import { EpochPlayer } from "./epoch-player.tsx";

interface SourceSelectsProps {
  sources: SourceRow[];
  /** Collections that differ from this one in the epoch only. */
  moments: SourceRow[];
  source: MetricsSource;
  onSource: (source: MetricsSource) => void;
  /** Whether what is shown is what is wanted. */
  ready: boolean;
}

export function SourceSelects({ sources, moments, onSource, ready, source }: SourceSelectsProps) {
  const groups = groupsOf(sources);
  const own = keyOf(source);
  const choose = (key: string) => {
    const group = groups.find((one) => one.key === key)?.rows ?? [];
    const same = group.find((row) => (row.source.epoch ?? null) === (source.epoch ?? null));
    const next = same ?? group.at(-1);
    if (next) onSource(next.source);
  };
  return (
    <>
      {groups.length > 1 ? (
        <Select
          label="Split"
          hideLabel
          value={own}
          options={groups.map(({ key, label }) => ({ value: key, label }))}
          onChange={choose}
        />
      ) : (
        <strong>{groups[0]?.label}</strong>
      )}
      <EpochPlayer moments={moments} source={source} onSource={onSource} ready={ready} />
    </>
  );
}

interface Group {
  key: string;
  label: string;
  rows: SourceRow[];
}

/** Collections by what they are of: split, table and stream, as far as these differ. */
function groupsOf(sources: SourceRow[]): Group[] {
  const groups = new Map<string, Group>();
  const streams = new Set(sources.map(({ source }) => source.stream));
  const splits = new Map<string, Set<unknown>>();
  for (const { source } of sources) {
    const split = source.split ?? "samples";
    splits.set(split, (splits.get(split) ?? new Set()).add(source.input_table_id));
  }
  for (const row of sources) {
    const key = keyOf(row.source);
    const split = row.source.split ?? "samples";
    const table = (splits.get(split)?.size ?? 0) > 1 ? ` · ${row.table?.table ?? row.source.input_table_id}` : "";
    const stream = streams.size > 1 ? ` · ${row.source.stream}` : "";
    const group = groups.get(key) ?? { key, label: `${split}${table}${stream}`, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function keyOf(source: MetricsSource): string {
  return JSON.stringify([source.stream, source.split ?? null, source.input_table_id ?? null]);
}
