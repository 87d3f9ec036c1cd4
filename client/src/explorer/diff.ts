// Which rows of the tree differ between two moments, so that only those are drawn anew.
import type { Row } from './row.ts';

/**
 * The ids of the rows to draw anew, children included; `all` when the clusters themselves came or went. A row whose own text
 * is the same and that holds the same children stands; its children are looked at one by one.
 */
export function changedRows(before: readonly Row[], after: readonly Row[]): readonly string[] | 'all' {
  if (!sameIds(before, after)) return 'all';
  const changed: string[] = [];
  const compare = (one: Row, other: Row) => {
    if (!sameText(one, other) || !sameIds(one.children, other.children)) {
      changed.push(other.id);
      return;
    }
    for (const [index, child] of other.children.entries()) {
      const previous = one.children[index];
      if (previous !== undefined) compare(previous, child);
    }
  };
  for (const [index, row] of after.entries()) {
    const previous = before[index];
    if (previous !== undefined) compare(previous, row);
  }
  return changed;
}

const sameIds = (before: readonly Row[], after: readonly Row[]) =>
  before.length === after.length && before.every((row, index) => row.id === after[index]?.id);

const sameText = (one: Row, other: Row) =>
  one.label === other.label &&
  one.description === other.description &&
  one.tooltip === other.tooltip &&
  one.icon.name === other.icon.name &&
  one.icon.color === other.icon.color &&
  one.context === other.context;

/** Every row below these, parents before children, each with its parent. */
export function* everyRow(
  rows: readonly Row[],
  parent?: Row,
): Generator<{ readonly row: Row; readonly parent: Row | undefined }> {
  for (const row of rows) {
    yield { row, parent };
    yield* everyRow(row.children, row);
  }
}
