// What another filter leaves out: `!f1:..0.5`.
import type { Filter } from "../wire.ts";
import type { FilterKind } from "./filter-kind.ts";

export const not: FilterKind<"not"> = {
  kind: "not",
  form: /^!(.*)$/s,
  parse: ([inner = ""], parsePart) => {
    const filter = parsePart(inner);
    return filter && { kind: "not", filter };
  },
  print: (_, [part]) => `!${part}`,
  slot: (_, [part = ""]) => part,
  describe: (_, __, [part]) => `not ${part}`,
  parts: ({ filter }) => [filter],
  mask: (_, { parts: [part] }) => invertMask(part as Uint8Array),
};

export function invertMask(mask: Uint8Array): Uint8Array {
  return mask.map((taken) => 1 - taken);
}

export function isInverted(filter: Filter): boolean {
  return filter.kind === "not";
}

/** The opposite of a filter. */
export function opposite(filter: Filter): Filter {
  return filter.kind === "not" ? filter.filter : { kind: "not", filter };
}
