import { createContext, useContext } from "react";

/** Where menus and tooltips are put: the page, or the dialog that covers it. */
export const PortalContainer = createContext<HTMLElement | null>(null);

export const usePortalContainer = () => useContext(PortalContainer) ?? undefined;
