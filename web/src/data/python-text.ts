/** A text as Python writes it. */
export function pythonText(text: string): string {
  return JSON.stringify(text);
}
