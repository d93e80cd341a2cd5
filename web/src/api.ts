// The one place that talks to the server. Rows come as Arrow, everything else as JSON.
import { type Table as ArrowTable, tableFromIPC } from "@uwdata/flechette";
import type { Problem } from "./wire.ts";

/** What the server said when it could not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly hint: string | null;
  /** The whole answer: a `Conflict` on status 409. */
  readonly body: unknown;

  constructor(status: number, problem: Problem, body: unknown) {
    super(problem.detail);
    this.name = problem.title;
    this.status = status;
    this.hint = problem.hint;
    this.body = body;
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await answer(path, { signal })).json() as Promise<T>;
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await send("POST", path, body, signal)).json() as Promise<T>;
}

export async function patch<T>(path: string, body: unknown): Promise<T> {
  return (await send("PATCH", path, body)).json() as Promise<T>;
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return (await send("PUT", path, body)).json() as Promise<T>;
}

/** Rows; `useProxy: false` gives plain objects for nested values. */
export async function rows(path: string, body: unknown, signal?: AbortSignal): Promise<ArrowTable> {
  const response = await send("POST", path, body, signal);
  return tableFromIPC(new Uint8Array(await response.arrayBuffer()), { useBigInt: false });
}

export async function download(path: string, body: unknown): Promise<Blob> {
  return (await send("POST", path, body)).blob();
}

/** The parts of a path, each as one segment whatever is in it. */
export function segments(...parts: (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part)).join("/");
}

function send(method: string, path: string, body: unknown, signal?: AbortSignal) {
  return answer(path, {
    method,
    signal,
    body: JSON.stringify(body),
    // The second header makes the request impossible for a page of another origin.
    headers: { "Content-Type": "application/json", "X-Samplewise": "1" },
  });
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: "same-origin", ...init });
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw new ApiError(response.status, problem(response, body), body);
}

function problem(response: Response, body: unknown): Problem {
  if (body && typeof body === "object" && "detail" in body) return body as Problem;
  return { title: "Error", detail: `the server answered ${response.status}.`, hint: null };
}
