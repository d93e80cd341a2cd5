// Text that contains other text: `image~0001`. What is text is the server's to read.
import { quote, unquote } from "./quoting.ts";
import type { FilterKind } from "./filter-kind.ts";

export const text: FilterKind<"text"> = {
  kind: "text",
  form: /^([^=~]+)~(.*)$/s,
  parse: ([column = "", contains = ""]) => ({ kind: "text", column: unquote(column), contains: unquote(contains) }),
  print: ({ column, contains }) => `${quote(column)}~${quote(contains)}`,
  slot: ({ column }) => column,
  describe: ({ column, contains }) => `${column} contains “${contains}”`,
};
