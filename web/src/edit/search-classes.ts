import type { Category } from "../wire.ts";

/** Classes whose name holds the text: those that begin with it first. */
export function searchClasses(categories: readonly Category[], text: string): Category[] {
  const wanted = text.trim().toLowerCase();
  const rank = ({ name }: Category) => {
    const at = name.toLowerCase().indexOf(wanted);
    return at < 0 ? 2 : Math.min(at, 1);
  };
  return categories.filter((category) => rank(category) < 2).sort((a, b) => rank(a) - rank(b));
}
