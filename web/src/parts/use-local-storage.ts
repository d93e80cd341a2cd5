// A setting of this person on this machine, in the browser's storage.
import { useCallback, useState } from "react";

/** Like `useState`, but it survives a reload. What cannot be read is the default. */
export function useLocalStorage<T>(name: string, otherwise: T): [T, (value: T) => void] {
  const key = `samplewise.${name}`;
  const [state, setState] = useState(() => ({ key, value: readLocalStorage(key, otherwise) }));
  const value = state.key === key ? state.value : readLocalStorage(key, otherwise);
  const set = useCallback(
    (next: T) => {
      setState({ key, value: next });
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // Storage may be full or forbidden; the setting then lasts as long as the page.
      }
    },
    [key],
  );
  return [value, set];
}

export function readLocalStorage<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}
