// The legend of what is drawn over the images, in a menu.
import { Info } from "lucide-react";
import { IconButton } from "../parts/button.tsx";
import { Menu, MenuLabel } from "../parts/menu.tsx";
import { KINDS } from "../picture/kinds.ts";
import { KindMark } from "../picture/kind-legend.tsx";
import styles from "./list-pane.module.css";

export function OverlayLegend() {
  return (
    <Menu
      trigger={
        <IconButton label="Legend" small>
          <Info size={14} />
        </IconButton>
      }
    >
      <MenuLabel>Over the images</MenuLabel>
      <ul className={styles.key}>
        {Object.entries(KINDS).map(([kind, { name, means }]) => (
          <li key={kind}>
            <KindMark kind={kind} />
            <strong>{name}</strong>
            <span>{means}</span>
          </li>
        ))}
      </ul>
    </Menu>
  );
}
