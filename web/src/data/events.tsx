// What changes in the store while a page is open: one connection for all pages of a browser.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import type { Event } from "../wire.ts";
import { openEventStream } from "./event-stream.ts";

type Listener = (event: Event) => void;
type Subscribe = (listener: Listener) => () => void;

const Events = createContext<Subscribe>(() => () => {});

export function EventsProvider({ children }: { children: ReactNode }) {
  const listeners = useRef(new Set<Listener>());
  useEffect(() => {
    return openEventStream((text) => {
      const event = JSON.parse(text) as Event;
      for (const listener of listeners.current) listener(event);
    });
  }, []);
  const subscribe = useMemo<Subscribe>(
    () => (listener) => {
      listeners.current.add(listener);
      return () => listeners.current.delete(listener);
    },
    [],
  );
  return <Events.Provider value={subscribe}>{children}</Events.Provider>;
}

/** Calls back for each event of the store while the component is there. */
export function useStoreEvents(listener: Listener): void {
  const subscribe = useContext(Events);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => subscribe((event) => latest.current(event)), [subscribe]);
}
