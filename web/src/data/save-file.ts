// Files for the person: what a page has made, put into the folder of downloads.

/** `name` may hold anything; what a file system might not take becomes a dash. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}.@+_-]+/gu, "-").replace(/^-+|-+(?=\.)|-+$/g, "");
}
