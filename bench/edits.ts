// What a user types in the measured documents, and how one sees that a server has taken notice.
import type { Place } from './documents.ts';
import type { Accept, Edit, Position } from './language-server.ts';

/** Before a keyname it makes one that TOSCA does not have. */
export const letter = 'z';

/** A keyname that is begun on a line of its own, before `metadata` is chosen from the list. */
export const begun = { text: 'meta', wanted: 'metadata' } as const;

export const misspell = ({ line, start }: Place): Edit => ({ from: [line, start], to: [line, start], text: letter });

export const mend = ({ line, start }: Place): Edit => ({ from: [line, start], to: [line, start + 1], text: '' });

/** The keyname is reported. */
export const reported =
  ({ line, start }: Place): Accept =>
  diagnostics =>
    diagnostics.some(({ range }) => range.start.line === line && range.start.character === start);

/** The keyname is not reported, or no longer. */
export const clean =
  (place: Place): Accept =>
  diagnostics =>
    !reported(place)(diagnostics);

/** A text with the place in it misspelt. */
export function withMistake(text: string, { line, start }: Place): string {
  const lines = text.split('\n');
  const written = lines[line] ?? '';
  return lines.with(line, written.slice(0, start) + letter + written.slice(start)).join('\n');
}

export const beginKey = ({ line, start }: Place): Edit => ({
  from: [line, 0],
  to: [line, 0],
  text: `${' '.repeat(start)}${begun.text}\n`,
});

export const endOfKey = ({ line, start }: Place): Position => [line, start + begun.text.length];

export const dropKey = ({ line }: Place): Edit => ({ from: [line, 0], to: [line + 1, 0], text: '' });

/** Labels of a completion's items; the answer is a list, or an object that has one. */
export function labels(completion: unknown): readonly string[] {
  const items = Array.isArray(completion) ? completion : (completion as { items?: unknown } | null)?.items;
  return Array.isArray(items) ? items.map(item => String((item as { label?: unknown }).label)) : [];
}
