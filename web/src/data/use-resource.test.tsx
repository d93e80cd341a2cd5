import assert from "node:assert/strict";
import { test } from "node:test";
import "../../test/dom.ts";
import { act, renderHook, waitFor } from "@testing-library/react";
import { useResource } from "./use-resource.ts";

/** Loads that are answered when a test says so, by key. */
function requests() {
  const open = new Map<string, { resolve: (answer: string) => void; reject: (error: Error) => void; signal: AbortSignal }>();
  const load = (key: string) => (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => open.set(key, { resolve, reject, signal }));
  return { open, load };
}

test("an answer that comes after the key has changed is dropped, its request aborted", async () => {
  const { open, load } = requests();
  const { result, rerender } = renderHook(({ key }) => useResource(key, load(key)), { initialProps: { key: "a" } });
  rerender({ key: "b" });
  assert.equal(open.get("a")?.signal.aborted, true);
  await act(async () => open.get("b")?.resolve("answer b"));
  await act(async () => open.get("a")?.resolve("answer a"));
  assert.equal(result.current.data, "answer b");
});

test("the old answer goes with its key, or stays where it is to be kept", async () => {
  const { open, load } = requests();
  for (const [keep, wanted] of [[false, null], [true, "answer a"]] as const) {
    const { result, rerender } = renderHook(({ key }) => useResource(key, load(key), { keep }), { initialProps: { key: "a" } });
    await act(async () => open.get("a")?.resolve("answer a"));
    rerender({ key: "b" });
    assert.deepEqual([result.current.data, result.current.loading], [wanted, true]);
  }
});

test("a failure is said, and asking again mends it", async () => {
  const { open, load } = requests();
  const { result } = renderHook(() => useResource("a", load("a")));
  await act(async () => open.get("a")?.reject(new Error("gone")));
  assert.equal(result.current.error?.message, "gone");
  act(() => result.current.reload());
  await act(async () => open.get("a")?.resolve("there"));
  await waitFor(() => assert.deepEqual([result.current.data, result.current.error], ["there", null]));
});

test("no key asks for nothing", () => {
  const { open, load } = requests();
  const { result } = renderHook(() => useResource(null, load("a")));
  assert.deepEqual([open.size, result.current.loading], [0, false]);
});
