// The fast reader of YAML and the tolerant one say the same of the same text, wherever the fast one says anything.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeFast } from '../../../server/src/syntax/compose-fast.ts';
import { composeTolerant } from '../../../server/src/syntax/compose-tolerant.ts';
import { newSection } from '../../../server/src/syntax/cut.ts';
import { parse } from '../../../server/src/syntax/document.ts';
import type { Entry, Node } from '../../../server/src/syntax/nodes.ts';
import type { Composed } from '../../../server/src/syntax/section.ts';
import { corpus, hasCorpus } from '../../corpus.ts';

function draw(node: Node | undefined): unknown {
  if (node === undefined) return null;
  const at = [node.start, node.end];
  if (node.kind === 'scalar') return [at, node.value, node.style];
  if (node.kind === 'alias') return [at, node.name];
  return [at, node.flow, node.kind === 'sequence' ? node.items.map(draw) : node.entries.map(drawEntry)];
}

const drawEntry = ({ key, value, start, end }: Entry) => [draw(key), draw(value), start, end];

const picture = ({ entries, other, anchors, aliases, merges }: Composed) => ({
  entries: entries.map(drawEntry),
  other: draw(other),
  anchors: [...anchors].map(([name, node]) => [name, draw(node)]),
  aliases: aliases.map(draw),
  merges: merges.map(drawEntry),
});

function sectionsOf(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.ya?ml$/.test(file))
    .flatMap(file => parse(readFileSync(path.join(folder, file), 'utf8')).sections);
}

describe('the two readers', () => {
  const root = path.join(__dirname, '../../..');
  const folders = ['schemas', 'examples', 'test/fixtures'].map(folder => path.join(root, folder));
  it.each([...folders, ...(hasCorpus ? [corpus] : [])])('agree on %s', folder => {
    const sections = sectionsOf(folder);
    let fast = 0;
    for (const section of sections) {
      const read = composeFast(section);
      if (read === undefined) continue;
      fast++;
      expect(picture(read), section.text).toEqual(picture(composeTolerant(section)));
    }
    expect(fast / sections.length).toBeGreaterThan(0.95);
  });

  const cases = [
    "a: 1 # c\n\"b q\": { x: [ 1, k: v, 'it''s' ], y: , z }\n",
    'l:\n- &anc one\n-\n  - two\n- m: 1\n  n: |\n    text\n     more\n\ne:\nf: *anc\n',
    'a: &x { b: 1 }\nc:\n  <<: *x\n  d: 2\ne: { <<: [ *x ], f: 3 }\n',
    'g: plain\n  continued\nh: "dq \\n x"\n!!str t: !!int 5\n',
    'a: |+ # comment | with bar\n  text\n\nb: >-\n  folded\n  text\n',
    'a: [ ] # [\nb: { }\nc: [ a, # ]\n  b ]\n',
    '\'a\': \'\'\n"b": ""\n',
    'a: { b: }\nc: [ { d: e }: f ]\n',
    '---\na: b\n...\n',
    'a:\r\n  b: c\r\n  d:\r\n    - e\r\n',
    '? complex\n: value\n',
    '- a\n- b: c\n',
    'just a text\n',
    '# nothing\n',
    '',
  ];
  it.each(cases)('agree on %j', text => {
    const section = newSection(text, 0, 0);
    const fast = composeFast(section);
    if (fast !== undefined) expect(picture(fast)).toEqual(picture(composeTolerant(section)));
  });

  it('agree on whatever is put together of their pieces', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b c',
        '"q"',
        "'s'",
        ': ',
        ':',
        '- ',
        '[ ',
        ' ]',
        '{ ',
        ' }',
        ', ',
        '\n',
        '\n  ',
        '\n    ',
        '# c\n',
        '&x ',
        '*x',
        '|\n',
        '>-\n',
        '<<: ',
        '!!str ',
        '?',
        '1.5',
        '\\',
        '\t',
        '%',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), pieces => {
        const section = newSection(pieces.join(''), 0, 0);
        const fast = composeFast(section);
        const tolerant = composeTolerant(section);
        if (fast !== undefined && tolerant.problems.length === 0) expect(picture(fast)).toEqual(picture(tolerant));
      }),
      { numRuns: 3000 },
    );
  });
});
