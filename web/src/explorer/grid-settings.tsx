import { Slider } from "../parts/slider.tsx";
import { OverlayLegend } from "./overlay-legend.tsx";
import styles from "./list-pane.module.css";
import type { Look, SetLook } from "./look.ts";

interface GridSettingsProps {
  look: Look;
  setLook: SetLook;
  /** Whether predictions are drawn that the model is more or less sure of. */
  hasConfidences: boolean;
}

/** How large the images are, and which predictions are drawn over them. */
export function GridSettings({ look, setLook, hasConfidences }: GridSettingsProps) {
  return (
    <>
      {hasConfidences && (
        <span className={styles.confidence}>
          <Slider
            label="Min. confidence"
            value={look.least}
            maximum={1}
            step={0.05}
            format={(value) => value.toFixed(2)}
            onChange={(least) => setLook({ least })}
          />
        </span>
      )}
      {hasConfidences && <OverlayLegend />}
      <span className={styles.size}>
        <Slider
          label="Size of the images"
          hideLabel
          value={look.size}
          minimum={80}
          maximum={400}
          step={10}
          format={() => ""}
          onChange={(size) => setLook({ size })}
        />
      </span>
    </>
  );
}
