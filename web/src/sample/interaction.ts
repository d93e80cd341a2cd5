// What a person is about to do to the labels of a sample: it stands in no address and is in no edit yet.
import type { InstanceRef } from "../picture/draw.ts";

export interface Interaction {
  /** Under the pointer. */
  hovered: InstanceRef | null;
  /** Whether the pointer draws a box. */
  isDrawing: boolean;
  /** The joint or corner of the selected label that keys move. */
  point: number | null;
  /** The label whose class is asked for. */
  classOf: { instance: InstanceRef; isNew: boolean } | null;
  /** The class that was chosen last: the next new box begins with it. */
  lastClass: number | null;
}

export const IDLE: Interaction = { hovered: null, isDrawing: false, point: null, classOf: null, lastClass: null };

export type InteractionEvent =
  | { type: "hover"; instance: InstanceRef | null }
  | { type: "toggle drawing" }
  | { type: "select point"; point: number | null }
  /** What is selected is another label, or none. */
  | { type: "select instance" }
  /** A box was drawn; null where the Table could not take it. */
  | { type: "draw box"; instance: InstanceRef | null }
  | { type: "ask class"; instance: InstanceRef }
  | { type: "choose class"; label: number }
  | { type: "close classes" }
  | { type: "show sample" };

export function reduceInteraction(state: Interaction, event: InteractionEvent): Interaction {
  switch (event.type) {
    case "hover":
      return { ...state, hovered: event.instance };
    case "toggle drawing":
      return { ...state, isDrawing: !state.isDrawing };
    case "select point":
      return { ...state, point: event.point };
    case "select instance":
      return { ...state, isDrawing: false, point: null };
    case "draw box":
      return {
        ...state,
        isDrawing: false,
        point: null,
        classOf: event.instance && { instance: event.instance, isNew: true },
      };
    case "ask class":
      return { ...state, classOf: { instance: event.instance, isNew: false } };
    case "choose class":
      return { ...state, classOf: null, lastClass: event.label };
    case "close classes":
      return { ...state, classOf: null };
    case "show sample":
      return { ...IDLE, lastClass: state.lastClass };
  }
}
