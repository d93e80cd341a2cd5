// One sample: the image with its layers, what is said of it in words, and its labels to edit.
import { useLocation } from "wouter";
import { tableSamplePage } from "../address/pages.ts";
import { LabelPicker } from "../edit/label-picker.tsx";
import { instanceOf } from "../edit/use-edit-tool.ts";
import { Button } from "../parts/button.tsx";
import { Splitter } from "../parts/splitter.tsx";
import type { Sample, SourceInfo, TableSource } from "../wire.ts";
import { SampleHeader } from "./sample-header.tsx";
import { SampleImage } from "./sample-image.tsx";
import { SamplePanel } from "./sample-panel.tsx";
import { type SamplePageState, useSamplePage } from "./use-sample-page.ts";
import { useList } from "./use-sample.ts";

interface SampleViewProps {
  info: SourceInfo;
  sample: Sample;
  /** The page of another sample of the same list. */
  onGo: (exampleId: number) => void;
  onCommitted: (table: TableSource) => void;
  /** What of the query stays on the pages of this sample. */
  kept: Record<string, string>;
}

export function SampleView({ info, sample, onGo, onCommitted, kept }: SampleViewProps) {
  const page = useSamplePage(info, sample);
  const isFiltered = useList(info).filters.length > 0;
  const { query, setQuery, edited, tableInfo } = page;
  const canEdit = Boolean(tableInfo?.columns.some(({ writable }) => writable));
  const toggle = () => setQuery({ edit: !query.edit });
  return (
    <>
      <SampleHeader
        exampleId={sample.example_id}
        place={page.place}
        isFiltered={isFiltered}
        onGo={onGo}
        editing={canEdit ? { isOn: query.edit, count: edited, toggle } : null}
        areArrowsTaken={page.canChange}
        isDeleted={page.editing.isDeleted}
      >
        <OpenInTable page={page} />
      </SampleHeader>
      <Splitter name="sample" label="Size of what is said of the sample" sized="second" size={392} minimum={300} maximum={640}>
        <SampleImage page={page} kept={kept} />
        <SamplePanel page={page} onCommitted={onCommitted} />
      </Splitter>
      <ClassDialog page={page} />
    </>
  );
}

/** From a sample of a run to the same sample of its Table. */
function OpenInTable({ page: { info, sample, table } }: { page: SamplePageState }) {
  const [, go] = useLocation();
  if (!table || info.source.kind !== "metrics") return null;
  const address = tableSamplePage(table.project, table.dataset, table.table, sample.example_id);
  return (
    <Button small variant="quiet" onClick={() => go(address)}>
      Open in table
    </Button>
  );
}

function ClassDialog({ page: { editing, interaction, dispatch } }: { page: SamplePageState }) {
  const { classOf } = interaction;
  if (!classOf) return null;
  const { instance, isNew } = classOf;
  return (
    <LabelPicker
      title={isNew ? "Class of the new box" : "Another class"}
      categories={editing.categories(instance.column)}
      current={instanceOf(editing.layers, instance)?.label ?? null}
      onClose={() => dispatch({ type: "close classes" })}
      onPick={(label) => {
        editing.setLabel(instance, label);
        dispatch({ type: "choose class", label });
      }}
    />
  );
}
