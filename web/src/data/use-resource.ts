// What a component shows of the server: asked for, shown while it is asked for again, or failed.
import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api.ts";
import type { Event } from "../wire.ts";
import { useStoreEvents } from "./events.tsx";

export interface Resource<T> {
  /** The last answer; stays while the same thing is asked for again. */
  data: T | null;
  error: Error | null;
  loading: boolean;
  reload: () => void;
  /** Puts an answer in place that came another way: of a PATCH, say. */
  replace: (data: T) => void;
}

export interface ResourceOptions {
  /** Which events of the store ask for it again. */
  refreshOn?: (event: Event) => boolean;
  /** Whether the answer to another key stays until the new one is there. */
  keep?: boolean;
}

interface State<T> {
  key: string | null;
  data: T | null;
  error: Error | null;
  loading: boolean;
}

/**
 * Loads again whenever `key` changes; `null` loads nothing.
 *
 * An answer that comes after the key has changed is dropped, its request aborted.
 */
export function useResource<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  { refreshOn, keep = false }: ResourceOptions = {},
): Resource<T> {
  const [state, setState] = useState<State<T>>({ key, data: null, error: null, loading: key !== null });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn loads again
  useEffect(() => {
    if (key === null) {
      setState({ key, data: null, error: null, loading: false });
      return;
    }
    const controller = new AbortController();
    setState((old) => ({
      key,
      data: old.key === key || keep ? old.data : null,
      error: null,
      loading: true,
    }));
    latest.current(controller.signal).then(
      (data) => {
        if (!controller.signal.aborted) setState({ key, data, error: null, loading: false });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setState((old) => ({ ...old, error: asError(error), loading: false }));
      },
    );
    return () => controller.abort();
  }, [key, turn, keep]);

  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const replace = useCallback(
    (data: T) => setState((old) => ({ ...old, data, error: null, loading: false })),
    [],
  );
  const reloadSoon = useThrottled(reload);
  useStoreEvents((event) => {
    if (refreshOn?.(event)) reloadSoon();
  });
  const isOld = state.key !== key;
  return {
    data: isOld && !keep ? null : state.data,
    error: isOld ? null : state.error,
    loading: state.loading || isOld,
    reload,
    replace,
  };
}

/** The JSON at a path of the server; `null` asks for nothing. */
export function useGet<T>(path: string | null, options?: ResourceOptions): Resource<T> {
  return useResource<T>(path, (signal) => get<T>(path as string, signal), options);
}

/** At most one call each half second, the last one included: a training writes in bursts. */
function useThrottled(call: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      call();
    }, 500);
  }, [call]);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
