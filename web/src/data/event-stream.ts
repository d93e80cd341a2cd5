// A page's end of the stream of events: open while the page is shown, also after it came back.

/** Calls back with the text of each event; what it returns ends that. */
export function openEventStream(onEvent: (text: string) => void): () => void {
  const stream = typeof SharedWorker === "undefined" ? ownStream(onEvent) : sharedStream(onEvent);
  // A page that the browser keeps for "back" must hold no connection meanwhile.
  window.addEventListener("pagehide", stream.leave);
  window.addEventListener("pageshow", stream.join);
  stream.join();
  return () => {
    window.removeEventListener("pagehide", stream.leave);
    window.removeEventListener("pageshow", stream.join);
    stream.leave();
  };
}

interface Stream {
  join: () => void;
  leave: () => void;
}

function sharedStream(onEvent: (text: string) => void): Stream {
  const worker = new SharedWorker(new URL("./event-worker.ts", import.meta.url), { type: "module" });
  worker.port.onmessage = ({ data }: MessageEvent<string>) => onEvent(data);
  return {
    join: () => worker.port.postMessage("join"),
    leave: () => worker.port.postMessage("leave"),
  };
}

/** For browsers that share no workers. */
function ownStream(onEvent: (text: string) => void): Stream {
  let source: EventSource | null = null;
  return {
    join: () => {
      if (source) return;
      source = new EventSource("/api/events");
      source.onmessage = ({ data }) => onEvent(data as string);
    },
    leave: () => {
      source?.close();
      source = null;
    },
  };
}
