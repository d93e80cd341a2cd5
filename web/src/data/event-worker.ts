// The one stream of events of a browser, shared by its pages: each stream holds one of the six
// connections that a browser has for a server, so one a page would stop the seventh page.
const pages = new Set<MessagePort>();
let source: EventSource | null = null;

function join(page: MessagePort): void {
  pages.add(page);
  if (source) return;
  source = new EventSource("/api/events");
  source.onmessage = ({ data }) => {
    for (const each of pages) each.postMessage(data);
  };
}

function leave(page: MessagePort): void {
  pages.delete(page);
  if (pages.size > 0) return;
  source?.close();
  source = null;
}

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports }) => {
  const page = ports[0] as MessagePort;
  page.onmessage = ({ data }: MessageEvent<"join" | "leave">) => (data === "join" ? join(page) : leave(page));
};
