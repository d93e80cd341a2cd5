// A document for tests of components, without a layout: sizes are what a test says. Import it first.
import { afterEach } from "node:test";
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://samplewise.test/" });
// React warns about updates outside of `act` only where this is set.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const { cleanup } = await import("@testing-library/react");
afterEach(() => {
  cleanup();
  window.history.replaceState(null, "", "/");
  localStorage.clear();
});

/** What every element is as large as, as a `ResizeObserver` tells it. */
export function setSize(width: number, height: number): void {
  globalThis.ResizeObserver = class {
    readonly #callback: ResizeObserverCallback;
    constructor(callback: ResizeObserverCallback) {
      this.#callback = callback;
    }
    observe(): void {
      const entry = { contentRect: { width, height } } as ResizeObserverEntry;
      this.#callback([entry], this);
    }
    unobserve(): void {}
    disconnect(): void {}
  };
}
