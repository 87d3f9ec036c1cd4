// The fast reader of YAML and the tolerant one say the same of the same text, wherever the fast one says anything.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryMaps } from '../../../server/src/grammar/read.ts';
import { composeFast, composeFastTogether } from '../../../server/src/syntax/compose-fast.ts';
import { composeTolerant } from '../../../server/src/syntax/compose-tolerant.ts';
import { newSection } from '../../../server/src/syntax/cut.ts';
import { parse, type SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { Composed } from '../../../server/src/syntax/gather.ts';
import { type Entry, entries, type Node, valueAt } from '../../../server/src/syntax/nodes.ts';
import type { Section } from '../../../server/src/syntax/section.ts';
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

const root = path.join(__dirname, '../../..');
const folders = [
  ...['schemas', 'examples', 'test/fixtures'].map(folder => path.join(root, folder)),
  ...(hasCorpus ? [corpus] : []),
];

const textsOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.ya?ml$/.test(file))
    .map(file => readFileSync(path.join(folder, file), 'utf8'));

/** Pieces of YAML. */
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
    '\u2028',
    '\xa0',
    '\r',
    '\r\n',
  ],
);

describe('the two readers', () => {
  it.each(folders)('agree on %s', folder => {
    const sections = textsOf(folder).flatMap(text => parse(text).sections);
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

describe('sections that are read together', () => {
  it.each(folders)('are read as each alone, in %s', folder => {
    let together = 0;
    const maps = textsOf(folder).flatMap(text => sectionsOfMaps(parse(text)));
    for (const sections of maps) together += agree(sections);
    expect(together / maps.flat().length).toBeGreaterThan(0.9);
  });

  const within = (text: string) => `node_types:\n${text}`;
  const cases = [
    '  a: "begun\n  b: ended"\n  c: d\n',
    '  a: [ b,\n  c: d ]\n  e: f\n',
    '  a: |\n    text\n\n  b: |+\n    text\n\n\n  c: d\n',
    '  a: &x { b: *y }\n  c:\n    <<: *x\n  <<: *x\n',
    "  ? a\n  : b\n  c: d\n  'e': f\n",
    '  a: !!str\n  b: &c\n  d: e\n',
    '  a:\n    - b\n    -\n  c: { d: e }\n',
    '  : a\n  b: c\n',
    '  b: c\n  : a\n  d: e\n',
    '  a: b\n  \uFEFFc: d\n',
    '  a:\r\n    b: c\r\n\r\n  d:\r\n    - e\r\n',
  ];
  it.each(cases)('are read as each alone: %j', text => {
    for (const sections of sectionsOfMaps(parse(within(text)))) agree(sections);
  });

  it('are read as each alone, whatever is put together of the pieces of YAML', () => {
    const line = fc.tuple(
      fc.constantFrom('  a: ', '  b:', '  "c": ', '    d: ', '    - ', '  '),
      fc.array(piece, { maxLength: 4 }),
    );
    let together = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), lines => {
        const text = lines.map(([start, pieces]) => `${start}${pieces.join('')}\n`).join('');
        for (const sections of sectionsOfMaps(parse(within(text)))) together += agree(sections);
      }),
      { numRuns: 5000 },
    );
    expect(together).toBeGreaterThan(200);
  });

  const sectionsOfMaps = ({ root }: SyntaxDocument) =>
    entryMaps.map(map => entries(valueAt(root, ...map)).map(({ section }) => section));

  /** How many were read together. */
  function agree(sections: readonly Section[]): number {
    let count = 0;
    for (const [index, read] of composeFastTogether(sections).entries()) {
      const section = sections[index];
      if (read === undefined || section === undefined) continue;
      const alone = composeFast(section);
      expect(picture(read), section.text).toEqual(alone && picture(alone));
      count++;
    }
    return count;
  }
});
