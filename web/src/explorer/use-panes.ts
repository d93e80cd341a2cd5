import { type RefObject, useState } from "react";
import { useSize } from "../parts/use-size.ts";
import type { Look, SetLook } from "./look.ts";

/** Whether there are filters and a scatter beside the images. */
export interface OpenPanes {
  filters: boolean;
  map: boolean;
}

/** Narrower than this, pixels, panes stand below each other and are closed at first. */
const NARROW = 860;

/** Which panes are open: as the address says, but on a small screen as was chosen there. */
export function usePanes(root: RefObject<HTMLElement | null>, look: Look, setLook: SetLook) {
  const [narrow, setNarrow] = useState<OpenPanes>({ filters: false, map: false });
  const { width } = useSize(root);
  const isNarrow = width > 0 && width < NARROW;
  const panes: OpenPanes = isNarrow ? narrow : { filters: look.filters, map: look.map };
  const setPanes = (next: Partial<OpenPanes>) => (isNarrow ? setNarrow({ ...narrow, ...next }) : setLook(next));
  return { isNarrow, panes, setPanes };
}
