// Revisions in the order of a tree: each under the one it was made from.
import type { TableRow } from "../wire.ts";

export interface Branch {
  row: TableRow;
  depth: number;
  /** Whether it is the last one of its lineage that was made. */
  isNewest: boolean;
}

export function branchesOf(tables: readonly TableRow[]): Branch[] {
  const names = new Set(tables.map(({ name }) => name));
  // A parent that was deleted leaves its children to the nearest ancestor that is there.
  const parentOf = (row: TableRow) => [...row.ancestors].reverse().find((name) => names.has(name)) ?? null;
  const below = (parent: string | null, depth: number): Branch[] =>
    tables
      .filter((row) => parentOf(row) === parent)
      .sort((a, b) => a.created.localeCompare(b.created))
      .flatMap((row) => [{ row, depth, isNewest: isNewest(row, tables) }, ...below(row.name, depth + 1)]);
  return below(null, 0);
}

/** The other revisions of its lineage: those can be compared. */
export function relatedRevisions(tables: readonly TableRow[], row: TableRow): TableRow[] {
  const first = firstOf(row);
  return tables.filter((other) => other.name !== row.name && firstOf(other) === first && (other.ancestors.length > 0 || row.ancestors.length > 0));
}

function isNewest(row: TableRow, tables: readonly TableRow[]): boolean {
  const lineage = [row, ...relatedRevisions(tables, row)];
  return lineage.length > 1 && lineage.every(({ created }) => created <= row.created);
}

const firstOf = ({ name, ancestors }: TableRow) => ancestors[0] ?? name;
