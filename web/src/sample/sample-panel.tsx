// Beside the image: what is drawn, every label and prediction in words, metrics or values to edit, unsaved edits.
import { sourceName } from "../address/other-source.ts";
import { Subject } from "../charts/subject.ts";
import { EditDrawer } from "../edit/edit-drawer.tsx";
import { KindLegend } from "../picture/kind-legend.tsx";
import type { TableSource } from "../wire.ts";
import { ClassAreas } from "./class-areas.tsx";
import { ClassScores } from "./class-scores.tsx";
import { InstanceTable } from "./instance-table.tsx";
import { KeypointList } from "./keypoint-list.tsx";
import { LayerBar } from "./layer-bar.tsx";
import { SampleMetrics } from "./sample-metrics.tsx";
import styles from "./sample-view.module.css";
import type { SamplePageState } from "./use-sample-page.ts";
import { ValuesEditor } from "./values-editor.tsx";

interface SamplePanelProps {
  page: SamplePageState;
  onCommitted: (table: TableSource) => void;
}

export function SamplePanel({ page, onCommitted }: SamplePanelProps) {
  const { info, sample, query, editing, session, edited, tableInfo } = page;
  return (
    <aside className={styles.side} aria-label="About this sample">
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Labels, predictions and metrics">
        <Layers page={page} />
        <Subject value={sourceName(info.source)}>
          <ClassScores exampleId={sample.example_id} layers={editing.layers} />
        </Subject>
        <ClassAreas layers={editing.layers} />
        <Instances page={page} />
        {query.edit ? <ValuesEditor info={info} editing={editing} /> : <SampleMetrics info={info} values={editing.values} />}
      </div>
      {session && (query.edit || edited > 0) && (
        <div className={styles.edits}>
          <EditDrawer session={session} info={tableInfo} onCommitted={onCommitted} />
        </div>
      )}
    </aside>
  );
}

/** What is drawn over the image, to be switched off and on. */
function Layers({ page: { query, setQuery, editing, options } }: { page: SamplePageState }) {
  const { layers } = editing;
  const none = new Set<string>();
  return (
    <>
      <LayerBar
        layers={layers}
        hidden={options.hidden ?? none}
        onHidden={(next) => setQuery({ hide: [...next] })}
        least={query.least}
        onLeast={(next) => setQuery({ least: next })}
        hasTags={query.names}
        onTags={(next) => setQuery({ names: next })}
      />
      <div className={styles.legend}>
        <KindLegend
          layers={layers}
          confidence={query.least}
          hiddenKinds={options.hiddenKinds ?? none}
          onChange={(next) => setQuery({ hide_kinds: [...next] })}
        />
      </div>
    </>
  );
}

const HAS_INSTANCES = ["boxes", "keypoints", "masks"];

/** Labels and predictions line by line, and the points of the selected label. */
function Instances({ page }: { page: SamplePageState }) {
  const { editing, options, selected, onSelect, instance, layer, canChange, interaction, dispatch } = page;
  return (
    <>
      {editing.layers.some(({ shape }) => HAS_INSTANCES.includes(shape)) && (
        <InstanceTable
          layers={editing.layers}
          options={options}
          selected={selected}
          hovered={interaction.hovered}
          onSelect={onSelect}
          onHover={(next) => dispatch({ type: "hover", instance: next })}
        />
      )}
      {instance && selected && layer?.isTruth && (
        <KeypointList
          one={instance}
          selected={selected}
          skeleton={layer.skeleton}
          editing={editing}
          canChange={canChange}
          point={interaction.point}
          onPick={(point) => dispatch({ type: "select point", point })}
        />
      )}
    </>
  );
}
