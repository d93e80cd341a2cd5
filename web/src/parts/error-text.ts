// Errors in words. The server's carry a hint, which may be null; others do not know of one.

type ServerError = Error & { hint: string | null };

/** Whether it is an answer of the server, and not a server that does not answer. */
export function isServerError(error: Error): error is ServerError {
  return "hint" in error;
}

/** What is wrong, and the next thing to do where the server knows it. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isServerError(error) && error.hint ? `${error.message} ${error.hint}` : error.message;
}
