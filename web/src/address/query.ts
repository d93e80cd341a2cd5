// State in the query string: what is selected on a page is in its address, so every state is a link.
import { useCallback, useMemo, useRef } from "react";
import { useSearch } from "wouter";
import { navigate } from "wouter/use-browser-location";

/** How one value stands in the query; `null` as text means it is left out, which is its default. */
export interface Param<T> {
  read(text: string | null): T;
  write(value: T): string | null;
}

export function textParam(otherwise = ""): Param<string> {
  return {
    read: (text) => text ?? otherwise,
    write: (value) => (value === otherwise ? null : value),
  };
}

export function numberParam<D extends number | null>(otherwise: D): Param<number | D> {
  return {
    read: (text) => {
      const value = text === null || text === "" ? Number.NaN : Number(text);
      return Number.isFinite(value) ? value : otherwise;
    },
    write: (value) => (value === otherwise || value === null ? null : String(value)),
  };
}

export function flagParam(otherwise = false): Param<boolean> {
  return {
    read: (text) => (text === null ? otherwise : text === "1"),
    write: (value) => (value === otherwise ? null : value ? "1" : "0"),
  };
}

export function choiceParam<T extends string>(options: readonly T[], otherwise: T): Param<T> {
  return {
    read: (text) => (options.includes(text as T) ? (text as T) : otherwise),
    write: (value) => (value === otherwise ? null : value),
  };
}

/** Texts separated by commas; a comma or backslash inside one is escaped by a backslash. */
export function listParam(otherwise: readonly string[] = []): Param<readonly string[]> {
  const joined = joinList(otherwise);
  return {
    read: (text) => (text === null ? otherwise : splitList(text)),
    write: (value) => (joinList(value) === joined ? null : joinList(value)),
  };
}

/** Any JSON; what cannot be read is the default. */
export function jsonParam<T>(otherwise: T): Param<T> {
  const usual = JSON.stringify(otherwise);
  return {
    read: (text) => {
      if (text === null) return otherwise;
      try {
        return JSON.parse(text) as T;
      } catch {
        return otherwise;
      }
    },
    write: (value) => {
      const text = JSON.stringify(value);
      return text === usual ? null : text;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the type of each value is that of its parameter
export type Params = Record<string, Param<any>>;
export type Values<P extends Params> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };
/** `push` makes a step that the browser's back button undoes; `replace` makes none. */
export type HistoryStep = "push" | "replace";
export type SetQuery<P extends Params> = (changes: Partial<Values<P>>, how?: HistoryStep) => void;

/**
 * Values of the query, and how to change some of them.
 *
 * `params` must be a constant outside of the component. A value stays the same object as long as its
 * text in the address stays the same.
 */
export function useQuery<P extends Params>(params: P): [Values<P>, SetQuery<P>] {
  const search = useSearch();
  const cache = useRef(new Map<string, { text: string | null; value: unknown }>());
  const values = useMemo(() => {
    const query = new URLSearchParams(search);
    const read = (name: string, param: Param<unknown>) => {
      const text = query.get(name);
      const known = cache.current.get(name);
      if (known && known.text === text) return known.value;
      const value = param.read(text);
      cache.current.set(name, { text, value });
      return value;
    };
    return Object.fromEntries(
      Object.entries(params).map(([name, param]) => [name, read(name, param)]),
    ) as Values<P>;
  }, [search, params]);
  const set = useCallback(
    (changes: Partial<Values<P>>, how: HistoryStep = "replace") => {
      const { pathname, search: now } = window.location;
      const next = changeQuery(now, params, changes);
      if (next === now.replace(/^\?/, "")) return;
      navigate(next ? `${pathname}?${next}` : pathname, { replace: how === "replace" });
    },
    [params],
  );
  return [values, set];
}

/** The query with some values changed; other parameters stay. */
export function changeQuery<P extends Params>(
  search: string,
  params: P,
  changes: Partial<Values<P>>,
): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    const text = params[name]?.write(value) ?? null;
    if (text === null) query.delete(name);
    else query.set(name, text);
  }
  return query.toString();
}

/** An address of a page of ours: each part is one segment, the query follows. */
export function pagePath(parts: (string | number)[], query: Record<string, string> = {}): string {
  const path = `/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  const search = new URLSearchParams(query).toString();
  return search ? `${path}?${search}` : path;
}

function joinList(items: readonly string[]): string {
  return items.map((item) => item.replace(/[\\,]/g, "\\$&")).join(",");
}

function splitList(text: string): string[] {
  if (text === "") return [];
  const items = [""];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === ",") items.push("");
    else items[items.length - 1] += letter === "\\" ? (text[++at] ?? "") : letter;
  }
  return items;
}
