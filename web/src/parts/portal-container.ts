import { createContext, useContext } from "react";

/** Where menus and tooltips are put: the page, or the dialog that covers it. */
export const Layer = createContext<HTMLElement | null>(null);

export const useLayer = () => useContext(Layer) ?? undefined;
