// Figures as a table for the terminal.
import type { Figures } from './measure.ts';

export interface Row {
  readonly name: string;
  /** One for each column; `undefined` where a server has no answer. */
  readonly cells: readonly (Figures | undefined)[];
  /** Whether the second column is told as a multiple of the first. */
  readonly compare?: boolean;
}

const width = 22;

export function table(title: string, columns: readonly string[], rows: readonly Row[]): string {
  const names = Math.max(34, ...rows.map(({ name }) => name.length + 2));
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(names)}${cells.map(cell => cell.padStart(width)).join('')}`.trimEnd();
  const compared = rows.some(({ compare }) => compare === true);
  const [first = '', second = '', ...rest] = columns;
  const head = compared ? [first, second, 'times', ...rest] : columns;
  return [
    title,
    line('', head),
    ...rows.map(({ name, cells, compare }) => {
      const shown = cells.map(show);
      return line(name, compared ? [...shown.slice(0, 2), compare ? times(cells) : '', ...shown.slice(2)] : shown);
    }),
  ].join('\n');
}

function show(figures: Figures | undefined): string {
  if (figures === undefined) return '–';
  return figures.count === 1
    ? number(figures.median)
    : `${number(figures.median)} / ${number(figures.p95)} / ${number(figures.max)}`;
}

const number = (value: number): string => (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en'));

function times([ours, peer]: readonly (Figures | undefined)[]): string {
  if (ours === undefined || peer === undefined || ours.median === 0) return '';
  const ratio = peer.median / ours.median;
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} ×`;
}
