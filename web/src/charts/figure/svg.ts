// Elements of an SVG document as text. Whatever names and numbers are in it, it stays valid XML.

type Attributes = Record<string, string | number | undefined>;

/** `<name …>children</name>`; attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escapeXml(value as string)}"`)
    .join("");
  return children.length ? `<${name}${written}>${children.join("")}</${name}>` : `<${name}${written}/>`;
}

export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escapeXml(content));
}

/** As text or an attribute; characters that XML cannot hold are left out. */
export function escapeXml(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** About how wide a text is, pixels: the fonts of the reader are not known. */
export function textWidth(content: string, size: number): number {
  return [...content].reduce((width, char) => width + size * share(char), 0);
}

/** A text that is too wide ends with `…`. */
export function truncate(content: string, width: number, size: number): string {
  if (textWidth(content, size) <= width) return content;
  const chars = [...content];
  while (chars.length && textWidth(`${chars.join("")}…`, size) > width) chars.pop();
  return `${chars.join("").trimEnd()}…`;
}

/** Lines of words, none wider than `width`; what does not fit into `most` lines is cut. */
export function wrapText(content: string, width: number, size: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && (textWidth(longer, size) <= width || lines.length === most)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => truncate(line, width, size));
}

function share(char: string): number {
  if ((char.codePointAt(0) as number) > 0x2e7f) return 1;
  if (/[fijltI.,:;'|!()[\] ]/.test(char)) return 0.34;
  if (/[mwMW@%…]/.test(char)) return 0.9;
  return /[A-Z0-9_=<>+→]/.test(char) ? 0.66 : 0.58;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
