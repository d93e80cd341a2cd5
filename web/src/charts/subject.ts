import { createContext } from "react";

/** Whose data the charts below show: it stands under their titles when they are saved. */
export const Subject = createContext("");
