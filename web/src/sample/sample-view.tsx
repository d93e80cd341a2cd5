// One sample: the image with its layers, what is said of it in words, and its labels to edit.
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { sourceName } from "../address/other-source.ts";
import { Subject } from "../charts/subject.ts";
import { EditDrawer } from "../edit/edit-drawer.tsx";
import { editedNow } from "../edit/edits.ts";
import { LabelPicker } from "../edit/label-picker.tsx";
import { instanceOf, useEditTool } from "../edit/use-edit-tool.ts";
import { useEdits } from "../edit/use-edits.ts";
import { useQuery } from "../address/query.ts";
import { Button } from "../parts/button.tsx";
import { Splitter } from "../parts/splitter.tsx";
import { Tabs } from "../parts/tabs.tsx";
import type { InstanceRef } from "../picture/draw.ts";
import { KindLegend } from "../picture/kind-legend.tsx";
import { type Box, extentOf } from "../picture/layers.ts";
import { Viewer } from "../picture/viewer.tsx";
import type { Category, Sample, SourceInfo, TableSource } from "../wire.ts";
import { EditBar } from "./edit-bar.tsx";
import { EpochStrip } from "./epoch-strip.tsx";
import { SampleHeader } from "./sample-header.tsx";
import { InstanceTable } from "./instance-table.tsx";
import { LayerBar } from "./layer-bar.tsx";
import { SampleMetrics } from "./sample-metrics.tsx";
import { NeighbourStrip } from "./neighbours.tsx";
import { type BELOW, samplePageParams } from "./page-params.ts";
import { OtherRunsStrip } from "./other-runs.tsx";
import { KeypointList } from "./keypoint-list.tsx";
import { ClassAreas } from "./class-areas.tsx";
import { ClassScores } from "./class-scores.tsx";
import styles from "./sample-view.module.css";
import { useEditingKeys } from "./use-editing-keys.ts";
import { acceptedScore, useLabelEditing } from "./use-label-editing.ts";
import { imageUrl } from "../data/image-url.ts";
import { tableOf, useSourceInfo } from "../data/source-info.ts";
import { useList, usePlace } from "./use-sample.ts";
import { ValuesEditor } from "./values-editor.tsx";

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
  const id = sample.example_id;
  const [query, set] = useQuery(samplePageParams);
  const { edit: isEditing, least, below, at: selected, names: hasTags } = query;
  const hidden = useMemo(() => new Set(query.hide), [query.hide]);
  const hiddenKinds = useMemo(() => new Set(query.hide_kinds), [query.hide_kinds]);
  const setSelected = useCallback((at: InstanceRef | null) => set({ at }), [set]);
  const [, go] = useLocation();
  const [point, setPoint] = useState<number | null>(null);
  const [hovered, setHovered] = useState<InstanceRef | null>(null);
  const [isDrawing, setDrawing] = useState(false);
  const [naming, setNaming] = useState<{ place: InstanceRef; isNew: boolean } | null>(null);
  const [lastLabel, setLastLabel] = useState<number | null>(null);
  const table = tableOf(info);
  const tableInfo = useSourceInfo(table, { keep: true }).data;
  const session = useEdits(table, tableInfo?.version ?? null);
  const editing = useLabelEditing({ info, tableInfo, session, sample });
  const { layers } = editing;
  const place = usePlace(info, id);
  const isFiltered = useList(info).filters.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another sample nothing is drawn
  useEffect(() => {
    setHovered(null);
    setDrawing(false);
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another label nothing is picked
  useEffect(() => setPoint(null), [selected?.column, selected?.index, id]);
  useEffect(() => {
    const next = typeof place?.next === "number" ? imageUrl(info, place.next) : null;
    if (next) new Image().src = next;
  }, [place, info]);

  const options = useMemo(() => ({ hidden, hiddenKinds, confidence: least, hasTags }), [hidden, hiddenKinds, least, hasTags]);
  const extent = useMemo(() => sizeOf(info, sample), [info, sample]);
  const one = instanceOf(layers, selected);
  const isTruth = layers.find(({ column }) => column === selected?.column)?.isTruth ?? false;
  const skeleton = layers.find(({ column }) => column === selected?.column)?.skeleton ?? null;
  const canChange = isEditing && selected !== null && one !== null && isTruth && editing.isWritable(selected.column);
  const score = acceptedScore(layers);
  const canAcceptScore = isEditing && score !== null && editing.isWritable(score.column);

  const add = (box: Box) => {
    const made = editing.add(box, lastLabel ?? firstLabel(editing.boxColumn ? editing.categories(editing.boxColumn) : []));
    setDrawing(false);
    setSelected(made);
    if (made) setNaming({ place: made, isNew: true });
  };
  const label = canChange && selected ? () => setNaming({ place: selected, isNew: false }) : null;
  const remove = canChange && selected ? () => { editing.remove(selected); setSelected(null); } : null;
  const acceptBox = isEditing && selected && one && !isTruth ? () => setSelected(editing.accept(selected)) : null;
  const acceptScore = canAcceptScore && score ? () => editing.setValue(score.column, score.label, `${score.column} → ${score.name}`) : null;
  const accept = acceptBox ?? acceptScore;
  const draw = () => setDrawing(!isDrawing);
  const tool = useEditTool({
    isOn: isEditing,
    isDrawing,
    extent,
    layers,
    selected,
    isWritable: (column) => editing.isWritable(column) && (layers.find((layer) => layer.column === column)?.isTruth ?? false),
    onBox: editing.setBox,
    point,
    onPick: setPoint,
    onPoint: editing.setPoint,
    onDrawn: add,
  });
  useEditingKeys({
    isOn: isEditing, editing, options, extent, selected,
    onSelect: (next) => { setSelected(next); setDrawing(false); },
    point, onPick: setPoint, onDraw: draw, onAdd: add, onLabel: label, onRemove: remove, onAccept: accept,
  });
  const count = session ? editedNow(session.edits).size : 0;
  const canEdit = Boolean(tableInfo?.columns.some(({ writable }) => writable));

  const picture = (
    <div className={styles.main}>
      {isEditing && (
        <EditBar
          isDrawing={isDrawing} canDraw={editing.boxColumn !== null} onDraw={draw}
          onLabel={label} onRemove={remove} onAccept={accept}
          isDeleted={editing.isDeleted} onDelete={editing.toggleDeleted}
        />
      )}
      <Viewer
        src={imageUrl(info, id)}
        label={describe(sample, layers)}
        extent={sample.width && sample.height ? { width: sample.width, height: sample.height } : null}
        problem={sample.problem}
        layers={layers}
        options={options}
        selected={selected}
        hovered={hovered}
        onSelect={setSelected}
        onHover={setHovered}
        tool={tool}
      />
      <Below {...{ info, sample, options, kept, table, below }} onBelow={(next) => set({ below: next })} />
    </div>
  );
  return (
    <>
      <SampleHeader
        exampleId={id}
        place={place}
        isFiltered={isFiltered}
        onGo={onGo}
        editing={canEdit ? { isOn: isEditing, count, toggle: () => set({ edit: !isEditing }) } : null}
        areArrowsTaken={canChange}
        isDeleted={editing.isDeleted}
      >
        {table && info.source.kind === "metrics" && (
          <Button small look="quiet" onClick={() => go(`/p/${[table.project, "tables", table.dataset, table.table, "samples", id].map((part) => encodeURIComponent(part)).join("/")}`)}>
            In its Table
          </Button>
        )}
      </SampleHeader>
      <Splitter name="sample" label="Size of what is said of the sample" sized="second" size={392} minimum={300} maximum={640}>
        {picture}
        <aside className={styles.side} aria-label="About this sample">
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="Labels, predictions and metrics">
            <LayerBar
              {...{ layers, hidden, least, hasTags }}
              onHidden={(next) => set({ hide: [...next] })}
              onLeast={(next) => set({ least: next })}
              onTags={(next) => set({ names: next })}
            />
            <div className={styles.legend}>
              <KindLegend layers={layers} confidence={least} hiddenKinds={hiddenKinds} onChange={(next) => set({ hide_kinds: [...next] })} />
            </div>
            <Subject value={sourceName(info.source)}>
              <ClassScores exampleId={id} layers={layers} />
            </Subject>
            <ClassAreas layers={layers} />
            {layers.some(({ shape }) => ["boxes", "keypoints", "masks"].includes(shape)) && (
              <InstanceTable {...{ layers, options, selected, hovered }} onSelect={setSelected} onHover={setHovered} />
            )}
            {one && selected && isTruth && (
              <KeypointList {...{ one, selected, editing, point }} skeleton={skeleton} canChange={canChange} onPick={setPoint} />
            )}
            {isEditing ? <ValuesEditor info={info} editing={editing} /> : <SampleMetrics info={info} values={editing.values} />}
          </div>
          {session && (isEditing || count > 0) && (
            <div className={styles.edits}>
              <EditDrawer session={session} info={tableInfo} onCommitted={onCommitted} />
            </div>
          )}
        </aside>
      </Splitter>
      {naming && (
        <LabelPicker
          title={naming.isNew ? "Class of the new box" : "Another class"}
          categories={editing.categories(naming.place.column)}
          current={instanceOf(layers, naming.place)?.label ?? null}
          onClose={() => setNaming(null)}
          onPick={(next) => {
            editing.setLabel(naming.place, next);
            setLastLabel(next);
            setNaming(null);
          }}
        />
      )}
    </>
  );
}

interface BelowProps {
  info: SourceInfo;
  sample: Sample;
  options: object;
  kept: Record<string, string>;
  table: TableSource | null;
  below: (typeof BELOW)[number];
  onBelow: (below: (typeof BELOW)[number]) => void;
}

/** What the sample looks like elsewhere. */
function Below({ info, sample, kept, table, below, onBelow, options }: BelowProps) {
  const { source } = info;
  const small = useMemo(() => ({ ...options, hasTags: false }), [options]);
  const run = source.kind === "metrics" ? source.run : null;
  const runs = table && {
    id: "runs",
    label: run ? "Other runs" : "In runs",
    content: <OtherRunsStrip info={info} sample={sample} options={small} />,
  };
  const tabs = [
    ...(run
      ? [
          { id: "epochs", label: "Epochs", count: sample.collections.length, content: <EpochStrip {...{ info, sample, kept }} options={small} /> },
          { id: "neighbours", label: "Neighbours", content: <NeighbourStrip info={info} exampleId={sample.example_id} options={small} /> },
        ]
      : []),
    ...(runs ? [runs] : []),
  ];
  if (!tabs.length) return null;
  const shown = tabs.some(({ id }) => id === below) ? below : (tabs[0]?.id as string);
  return (
    <div className={styles.below}>
      <Tabs label="The sample elsewhere" tabs={tabs} value={shown} onChange={(id) => onBelow(id as (typeof BELOW)[number])} />
    </div>
  );
}

function sizeOf(info: SourceInfo, sample: Sample) {
  const [width, height] = sample.width && sample.height ? [sample.width, sample.height] : (extentOf(info, sample.values) ?? [640, 480]);
  return { width, height };
}

function firstLabel(categories: readonly Category[]): number | null {
  return categories[0]?.id ?? null;
}

function describe(sample: Sample, layers: ReturnType<typeof useLabelEditing>["layers"]): string {
  const counts = layers.filter(({ instances }) => instances.length).map(({ column, instances }) => `${instances.length} in ${column}`);
  return `Image of sample ${sample.example_id}${counts.length ? `: ${counts.join(", ")}` : ""}`;
}

