// Edits of the text are edits of the tree: an entry that is removed or added changes nothing else.
import { describe, expect, it } from 'vitest';
import { addition, type Edit, removal, removalOfItem } from '../../server/src/checks/fix.ts';
import { parse } from '../../server/src/syntax/document.ts';
import { type Entry, type Mapping, type Node, name } from '../../server/src/syntax/nodes.ts';
import { filesIn, readFixture } from './fixtures.ts';
import { wholeTemplates } from './whole-templates.ts';

/** What a node says, without an entry or item, and with one more in a mapping. Nothing, an empty map and an empty list are the same, and no items. */
function saying(node: Node | undefined, without?: Entry | Node, wider?: Mapping): string {
  if (node === undefined) return '';
  if (node.kind === 'scalar') return JSON.stringify(node.value);
  if (node.kind === 'alias') return `*${node.name}`;
  const written =
    node.kind === 'sequence'
      ? node.items.map(item => (item === without ? '' : saying(item, without, wider))).filter(item => item !== '')
      : node.entries
          .filter(entry => !entry.merged && entry !== without)
          .map(entry => `${JSON.stringify(name(entry))}: ${saying(entry.value, without, wider)}`);
  const all = node === wider ? [...written, '"zz": "1"'] : written;
  if (all.length === 0) return '';
  return node.kind === 'sequence' ? `[${all.join(', ')}]` : `{${all.join(', ')}}`;
}

function* mappings(node: Node | undefined): Generator<Mapping> {
  if (node?.kind === 'sequence') for (const item of node.items) yield* mappings(item);
  if (node?.kind !== 'mapping') return;
  yield node;
  for (const { value, merged } of node.entries) if (!merged) yield* mappings(value);
}

const apply = (text: string, { section: { place }, start, end, text: put }: Edit) =>
  text.slice(0, place.offset + start) + put + text.slice(place.offset + end);

const several = `a: {
    b: 1,  # comment
    c: { d: [ 1,
      2 ], e: }
  }
f:
  - g: 1

    # comment
    h: |
      text

  - { i: 2,
      j: 3 }
  - - k: 4
      l: 5
  -
    m: 6
    n: 7
  - "o": 'p'   # comment
q: r
`;

const texts = [
  several,
  several.replaceAll('\n', '\r\n'),
  ...[...wholeTemplates, ...filesIn('checks')].map(readFixture),
].filter(text => text.length < 6000 && !text.includes('<<:') && parse(text).problems.length === 0);

describe('entries and items', () => {
  it.each(texts.map(text => [text.slice(0, 60).replace(/\s+/g, ' '), text] as const))('%s', (_, text) => {
    const { root } = parse(text);
    for (const mapping of mappings(root)) {
      for (const entry of mapping.entries) {
        const after = apply(text, removal(entry, mapping));
        expect(saying(parse(after).root), `without ${name(entry)}:\n${after}`).toBe(saying(root, entry));
      }
      for (const entry of mapping.entries) {
        for (const item of entry.value?.kind === 'sequence' ? entry.value.items : []) {
          const after = apply(text, removalOfItem(item, entry, mapping));
          const whole = entry.value?.kind === 'sequence' && entry.value.items.length === 1 ? entry : item;
          expect(saying(parse(after).root), `without an item of ${name(entry)}:\n${after}`).toBe(saying(root, whole));
        }
      }
      const put = addition(mapping, ['zz: 1']);
      if (put === undefined) continue;
      const after = apply(text, put);
      expect(saying(parse(after).root), after).toBe(saying(root, undefined, mapping));
    }
  });
});
