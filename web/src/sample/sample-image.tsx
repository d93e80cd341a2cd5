// The image of a sample with its layers; above it what can be done to labels, below it the same sample elsewhere.
import { imageUrl } from "../data/image-url.ts";
import { Viewer } from "../picture/viewer.tsx";
import type { Sample } from "../wire.ts";
import { EditBar } from "./edit-bar.tsx";
import { SampleElsewhere } from "./sample-elsewhere.tsx";
import styles from "./sample-view.module.css";
import type { LabelEditing } from "./use-label-editing.ts";
import type { SamplePageState } from "./use-sample-page.ts";

interface SampleImageProps {
  page: SamplePageState;
  /** What of the query stays on the pages of this sample. */
  kept: Record<string, string>;
}

export function SampleImage({ page, kept }: SampleImageProps) {
  const { info, sample, query, editing, interaction, dispatch, commands } = page;
  const { width, height } = sample;
  return (
    <div className={styles.main}>
      {query.edit && (
        <EditBar
          isDrawing={interaction.isDrawing}
          canDraw={editing.boxColumn !== null}
          onDraw={() => dispatch({ type: "toggle drawing" })}
          commands={commands}
          isDeleted={editing.isDeleted}
          onDelete={editing.toggleDeleted}
        />
      )}
      <Viewer
        src={imageUrl(info, sample.example_id)}
        label={describe(sample, editing.layers)}
        extent={width && height ? { width, height } : null}
        problem={sample.problem}
        layers={editing.layers}
        options={page.options}
        selected={page.selected}
        hovered={interaction.hovered}
        onSelect={page.onSelect}
        onHover={(instance) => dispatch({ type: "hover", instance })}
        tool={page.tool}
      />
      <SampleElsewhere page={page} kept={kept} />
    </div>
  );
}

/** `Image of sample 3: 2 in bbs, 5 in bbs_predicted`, for those who cannot see it. */
function describe({ example_id }: Sample, layers: LabelEditing["layers"]): string {
  const counts = layers.filter(({ instances }) => instances.length).map(({ column, instances }) => `${instances.length} in ${column}`);
  return `Image of sample ${example_id}${counts.length ? `: ${counts.join(", ")}` : ""}`;
}
