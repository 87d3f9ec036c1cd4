// TOSCA.meta: blocks of lines `Name: value`; a line that begins with a blank goes on with the one above. The first block is about the archive.
import type { Range } from '../syntax/section.ts';

export interface MetaEntry {
  readonly key: string;
  readonly value: string;
  readonly keyRange: Range;
  readonly valueRange: Range;
}

export interface Meta {
  /** Those of the first block. */
  readonly entries: readonly MetaEntry[];
  /** Its lines that are none. */
  readonly others: readonly Range[];
}

export function readMeta(text: string): Meta {
  const entries: MetaEntry[] = [];
  const others: Range[] = [];
  for (const [line, content] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    if (content.trim() === '') {
      if (entries.length > 0 || others.length > 0) break;
      continue;
    }
    const range = (from: number, to: number): Range => ({
      start: { line, character: from },
      end: { line, character: to },
    });
    const last = entries.at(-1);
    const colon = content.indexOf(':');
    if (/^\s/.test(content) && last !== undefined) {
      entries[entries.length - 1] = { ...last, value: `${last.value} ${content.trim()}`.trim() };
    } else if (colon < 1) {
      if (!content.startsWith('#')) others.push(range(0, content.length));
    } else {
      const value = content.slice(colon + 1).trim();
      const from = value === '' ? colon + 1 : content.indexOf(value, colon + 1);
      entries.push({
        key: content.slice(0, colon).trim(),
        value: value.replace(/^(["'])(.*)\1$/, '$2'),
        keyRange: range(0, colon),
        valueRange: range(from, from + value.length),
      });
    }
  }
  return { entries, others };
}
