// The collection that is compared with, in the address: of this run or of another.
import type { MetricsSource, Run, Source } from "../wire.ts";
import { textParam } from "./query.ts";
import { sameOverTime, sourceOf, sourceParams } from "./source.ts";

export const otherParams = {
  other_run: textParam(),
  other_stream: sourceParams.stream,
  other_split: sourceParams.split,
  other_epoch: sourceParams.epoch,
  other_input: sourceParams.input,
};

/** Leaves open what is compared with, but for its run. */
export const NO_OTHER = {
  other_stream: "",
  other_split: "",
  other_epoch: undefined,
  other_input: undefined,
};

export interface OtherChosen {
  other_run: string;
  other_stream: string;
  other_split: string;
  other_epoch: number | null | undefined;
  other_input: number | null | undefined;
}

/** The values of the address that mean a source. */
export function otherChosen(source: MetricsSource, run: Run): OtherChosen {
  return {
    other_run: source.run === run.row.name ? "" : source.run,
    other_stream: source.stream,
    other_split: source.split ?? "none",
    other_epoch: source.epoch ?? null,
    other_input: source.input_table_id ?? null,
  };
}

/**
 * What `source` is compared with; null where there is nothing.
 *
 * What the address leaves open is the same split: of this run its collection before, of another run
 * its last one.
 */
export function otherSourceOf(
  source: MetricsSource,
  run: Run,
  other: Run,
  chosen: OtherChosen,
): MetricsSource | null {
  const isOpen = chosen.other_stream === "" && chosen.other_epoch === undefined;
  if (isOpen && run.row.name === other.row.name) {
    const sources = sameOverTime(run.sources, source).map((one) => one.source);
    const at = sources.findIndex((one) => (one.epoch ?? null) === (source.epoch ?? null));
    return sources[at - 1] ?? sources[at + 1] ?? null;
  }
  return sourceOf(other, {
    stream: chosen.other_stream || source.stream,
    split: chosen.other_split || (source.split ?? "none"),
    epoch: chosen.other_epoch,
    input: chosen.other_input,
  });
}

/** A collection in words: `val · epoch 9`. */
export function sourceTitle(source: MetricsSource): string {
  const epoch = source.epoch === null || source.epoch === undefined ? "" : `epoch ${source.epoch}`;
  return [source.split ?? "all", epoch].filter(Boolean).join(" · ");
}

/** With its run, or a Table with its dataset: `baseline · val · epoch 9`, `scenes/train`. */
export function sourceName(source: Source): string {
  return source.kind === "table" ? `${source.dataset}/${source.table}` : `${source.run} · ${sourceTitle(source)}`;
}

/** The same text for the same collection. */
export function sourceKey(source: MetricsSource): string {
  const { project, run, stream, split = null, epoch = null, input_table_id = null } = source;
  return JSON.stringify([project, run, stream, split, epoch, input_table_id]);
}
