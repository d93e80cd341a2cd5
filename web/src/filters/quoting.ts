// Text inside of an address, where some letters mean something.

/** Letters that mean something in filters and orders, as `%` and their code. */
export function quote(text: string): string {
  return text.replace(/[%;:=~[\]@,!()*> \t\r\n]|^-/g, (letter) => {
    return `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

export function unquote(text: string): string {
  return text.replace(/%([0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
