// The state of a sample's page: what the address says, the sample with its edits, what is about to be done.
import { type Dispatch, useCallback, useEffect, useMemo, useReducer } from "react";
import { type SetQuery, useQuery, type Values as QueryValues } from "../address/query.ts";
import { imageUrl } from "../data/image-url.ts";
import { tableOf, useSourceInfo } from "../data/source-info.ts";
import { editedNow } from "../edit/edits.ts";
import { instanceOf, useEditTool } from "../edit/use-edit-tool.ts";
import { type EditSession, useEdits } from "../edit/use-edits.ts";
import type { DrawOptions, InstanceRef } from "../picture/draw.ts";
import { extentOf, type Instance, type Layer } from "../picture/layers.ts";
import type { Extent } from "../picture/view.ts";
import type { ViewerTool } from "../picture/viewer.tsx";
import type { ListPlace, Sample, SourceInfo, TableSource } from "../wire.ts";
import { IDLE, type Interaction, type InteractionEvent, reduceInteraction } from "./interaction.ts";
import { type LabelCommands, labelCommands } from "./label-commands.ts";
import { samplePageParams } from "./page-params.ts";
import { useEditingKeys } from "./use-editing-keys.ts";
import { type LabelEditing, useLabelEditing } from "./use-label-editing.ts";
import { usePlace } from "./use-sample.ts";

export interface SamplePageState {
  info: SourceInfo;
  sample: Sample;
  query: QueryValues<typeof samplePageParams>;
  setQuery: SetQuery<typeof samplePageParams>;
  /** The Table whose labels are shown; null where it is not known. */
  table: TableSource | null;
  tableInfo: SourceInfo | null;
  session: EditSession | null;
  /** How many samples have unsaved edits. */
  edited: number;
  editing: LabelEditing;
  options: Partial<DrawOptions>;
  /** Where the sample stands in the list that the person came from. */
  place: ListPlace | null;
  selected: InstanceRef | null;
  onSelect: (instance: InstanceRef | null) => void;
  /** What is selected, and the layer that it is in. */
  instance: Instance | null;
  layer: Layer | null;
  /** Whether the selected label can be edited now. */
  canChange: boolean;
  interaction: Interaction;
  dispatch: Dispatch<InteractionEvent>;
  commands: LabelCommands;
  tool: ViewerTool | null;
}

export function useSamplePage(info: SourceInfo, sample: Sample): SamplePageState {
  const [query, setQuery] = useQuery(samplePageParams);
  const [interaction, dispatch] = useReducer(reduceInteraction, IDLE);
  const { edit: isEditing, at: selected } = query;
  const table = tableOf(info);
  const tableInfo = useSourceInfo(table, { keep: true }).data;
  const session = useEdits(table, tableInfo?.version ?? null);
  const editing = useLabelEditing({ info, tableInfo, session, sample });
  const { layers } = editing;
  const place = usePlace(info, sample.example_id);
  const onSelect = useCallback((at: InstanceRef | null) => setQuery({ at }), [setQuery]);
  useResets(dispatch, sample.example_id, selected);
  useNextImage(info, place);
  const options = useDrawOptions(query);
  const extent = useMemo(() => sizeOf(info, sample), [info, sample]);
  const instance = instanceOf(layers, selected);
  const layer = layers.find(({ column }) => column === selected?.column) ?? null;
  const isTruth = layer?.isTruth ?? false;
  const canChange = isEditing && instance !== null && layer !== null && isTruth && editing.isWritable(layer.column);
  const commands = labelCommands({
    ...{ isEditing, editing, selected, instance, isTruth, canChange, onSelect, interaction, dispatch },
  });
  const onPoint = (point: number | null) => dispatch({ type: "select point", point });
  const tool = useEditTool({
    ...{ isOn: isEditing, isDrawing: interaction.isDrawing, extent, layers, selected },
    isWritable: (column) => editing.isWritable(column) && layers.some((one) => one.column === column && one.isTruth),
    onBox: editing.setBox,
    point: interaction.point,
    onPick: onPoint,
    onPoint: editing.setPoint,
    onDrawn: commands.addBox,
  });
  useEditingKeys({
    ...{ isOn: isEditing, editing, options, extent, selected, commands },
    onSelect: (next) => {
      onSelect(next);
      dispatch({ type: "select instance" });
    },
    point: interaction.point,
    onPoint,
    onDraw: () => dispatch({ type: "toggle drawing" }),
  });
  const edited = session ? editedNow(session.edits).size : 0;
  return {
    ...{ info, sample, query, setQuery, table, tableInfo, session, edited, editing, options, place },
    ...{ selected, onSelect, instance, layer, canChange, interaction, dispatch, commands, tool },
  };
}

/** On another sample, or at another label, nothing is drawn, and no point is selected. */
function useResets(dispatch: Dispatch<InteractionEvent>, exampleId: number, selected: InstanceRef | null): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sample begins anew
  useEffect(() => dispatch({ type: "show sample" }), [dispatch, exampleId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another label has other points
  useEffect(() => dispatch({ type: "select point", point: null }), [dispatch, selected?.column, selected?.index]);
}

/** Loads the image of the next sample, so that it is there when it is asked for. */
function useNextImage(info: SourceInfo, place: ListPlace | null): void {
  useEffect(() => {
    const next = typeof place?.next === "number" ? imageUrl(info, place.next) : null;
    if (next) new Image().src = next;
  }, [place, info]);
}

function useDrawOptions(query: SamplePageState["query"]): Partial<DrawOptions> {
  const { hide, hide_kinds, least, names } = query;
  return useMemo(
    () => ({ hidden: new Set(hide), hiddenKinds: new Set(hide_kinds), confidence: least, hasTags: names }),
    [hide, hide_kinds, least, names],
  );
}

/** Of the image; where it cannot be read, of what is labelled in it. */
function sizeOf(info: SourceInfo, { width, height, values }: Sample): Extent {
  if (width && height) return { width, height };
  const [across, down] = extentOf(info, values) ?? [640, 480];
  return { width: across, height: down };
}
