// Numbers as text of an address.

/** A number as an address has it, for forms. */
export const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;

export function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

export function splitList(text: string): string[] {
  return text === "" ? [] : text.split(",");
}

/** `3,null`: class ids; null where one of them is something else. */
export function textToClassIds(text: string): (number | null)[] | null {
  const parts = splitList(text);
  if (!parts.every((part) => part === "null" || isNumber(part))) return null;
  return parts.map((part) => (part === "null" ? null : Number(part)));
}
