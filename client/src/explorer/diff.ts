// Which rows of the tree differ between two moments, so that only those are drawn anew.
import type { Row } from './row.ts';

/**
 * The ids of the rows whose own text changed; `all` when rows came or went anywhere. VS Code (seen with 1.139) does not show
 * all of the rows that a single row's refresh brings along, two levels down; it does when the whole tree is refreshed.
 */
export function changedRows(before: readonly Row[], after: readonly Row[]): readonly string[] | 'all' {
  const changed: string[] = [];
  const compare = (old: readonly Row[], now: readonly Row[]): boolean =>
    sameIds(old, now) &&
    now.every((row, index) => {
      const previous = old[index];
      if (previous === undefined) return false;
      if (!sameText(previous, row)) changed.push(row.id);
      return compare(previous.children, row.children);
    });
  return compare(before, after) ? changed : 'all';
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
