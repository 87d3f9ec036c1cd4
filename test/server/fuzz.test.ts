// Whatever the text is, the language lives on: nothing throws, nothing hangs, and every range lies within the document.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-types';
import { codeActions } from '../../server/src/features/code-actions.ts';
import { complete } from '../../server/src/features/completion.ts';
import { extractInput } from '../../server/src/features/extract-input.ts';
import { hover } from '../../server/src/features/hover.ts';
import { atOnce, openWorkspace } from '../../server/src/index.ts';
import { parse } from '../../server/src/syntax/document.ts';
import type { Node, Span } from '../../server/src/syntax/nodes.ts';
import { filesIn, readFixture } from './fixtures.ts';
import { wholeTemplates } from './whole-templates.ts';

const uri = 'file:///template.yaml';
let source = '';
const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));

const texts = [...wholeTemplates, ...filesIn('checks')].map(readFixture).filter(text => text.length < 6000);

const childrenOf = (node: Node): readonly Node[] => {
  if (node.kind === 'sequence') return node.items;
  if (node.kind !== 'mapping') return [];
  return node.entries.filter(entry => !entry.merged).flatMap(({ key, value }) => (value ? [key, value] : [key]));
};

/** Nodes end behind their start, and hold what is within them. */
function wellPlaced(node: Node, within: Span): void {
  const { section, start, end } = node;
  const held = section !== within.section || (within.start <= start && end <= within.end);
  if (start > end || !held) expect.fail(`${node.kind} from ${start} to ${end} in ${within.start} to ${within.end}`);
  for (const child of childrenOf(node)) wellPlaced(child, node);
}

/** Gives the titles of the actions there, each with the text after it. */
function look(text: string, at: number): readonly (readonly [title: string, text: string])[] {
  source = text;
  const document = TextDocument.create(uri, 'tosca', 1, text);
  const within = ({ start, end }: Range) => {
    const [from, to] = [document.offsetAt(start), document.offsetAt(end)];
    expect(from).toBeLessThanOrEqual(to);
    expect(document.positionAt(from)).toEqual(start);
    expect(document.positionAt(to)).toEqual(end);
  };
  for (const { range, relatedInformation } of workspace.diagnostics(uri)) {
    within(range);
    for (const { location } of relatedInformation ?? []) if (location.uri === uri) within(location.range);
  }
  const template = workspace.template(uri);
  if ('problem' in template) throw new Error(template.problem);
  for (const node of childrenOf(template.document.root)) {
    wellPlaced(node, { section: node.section, start: 0, end: node.section.text.length });
  }
  const position = document.positionAt(at % (text.length + 1));
  const said = hover(template, position);
  if (said?.range !== undefined) within(said.range);
  const findings = atOnce(workspace.findings(template));
  const around = { start: position, end: { line: position.line + 1, character: 0 } };
  const actions = [...codeActions(template, findings, around), ...extractInput(template, position)];
  const mended = actions.map(({ title, edit }) => {
    const edits = edit?.changes?.[uri] ?? [];
    for (const { range } of edits) within(range);
    return [title, TextDocument.applyEdits(document, edits)] as const; // throws where two of them overlap
  });
  if (at % 20 === 0) complete(template, position);
  if (at % 20 === 1) workspace.plan({ uri, inputs: {} });
  return mended;
}

const anywhere = fc.nat({ max: 1_000_000 });
const text = fc.constantFrom(...texts);

/** Of YAML, and of TOSCA. */
const pieces = [
  ...['\n', '\n  ', '\n    ', '  ', ': ', '- ', '? ', '# ', '---\n', '...\n', '%YAML 1.1\n'],
  ...[
    '*x',
    '&x ',
    '<<: *x\n',
    '!!map ',
    '!<',
    '|\n',
    '>-\n',
    '|2\n',
    "''",
    '""',
    '\\x',
    '\\u',
    '[a, ',
    '{a: ',
    '[]',
    '{}',
  ],
  ...['tosca_definitions_version: ', 'topology_template:\n  ', 'node_templates:\n', 'inputs:\n', 'imports:\n', 'a:\n'],
  ...['metadata:\n', '# tosca-ignore: a\n', '__proto__: ', 'constructor: '],
];

/** Line ends and blanks of Unicode that YAML takes for text, what is invisible, halves of pairs. */
const unusual = [
  ...[
    '\r\n',
    '\r',
    '\v',
    '\f',
    '\0',
    '\x7f',
    '\x85',
    '\xa0',
    '\u1680',
    '\u2003',
    '\u2028',
    '\u2029',
    '\u202f',
    '\u3000',
  ],
  ...['\uFEFF', '\u200b', '\u0130', '\ufffe', '\ud800', '\udc00'],
];

/** Far more than it takes; a hang is what it is for. */
const timeout = 300_000;

describe('text of any kind', { timeout }, () => {
  it('random characters', () => {
    const unit = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...' \n\t:-[]{}#&*!|>\'"%@`,?<=.~\\a0') },
      { weight: 3, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.constantFrom(...unusual) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), anywhere, (units, at) => void look(units.join(''), at)),
      { numRuns: 6000 },
    );
  });

  it('real templates that end too early', () => {
    fc.assert(
      fc.property(text, anywhere, (whole, at) => void look(whole.slice(0, at % (whole.length + 1)), at >> 3)),
      { numRuns: 5000 },
    );
  });

  const by = fc.oneof(
    fc.constantFrom('', ...pieces),
    fc.constantFrom('get_input', 'type: ', 'null', '1 GB', '{ get_attribute: [ SELF ] }', ...unusual),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const edit = fc.record({ at: anywhere, remove: fc.nat({ max: 40 }), by });
  const edited = (whole: string, { at, remove, by: put }: { at: number; remove: number; by: string }) => {
    const from = at % (whole.length + 1);
    return whole.slice(0, from) + put + whole.slice(from + remove);
  };

  it('real templates with edits at random', () => {
    fc.assert(
      fc.property(text, fc.array(edit, { minLength: 1, maxLength: 4 }), anywhere, (whole, edits, at) => {
        look(edits.reduce(edited, whole), at);
      }),
      { numRuns: 6000 },
    );
  });

  it('real templates with one edit, which stay readable after each of their fixes', () => {
    // what was removed may have had an anchor; what is below a key that is mended may be no map
    const others = /anchor|alias|^A key with a colon/;
    const importing =
      'tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - gone: gone.yaml\n  # not: there\n';
    const problems = (of: string) => parse(of).problems.filter(({ message }) => !others.test(message));
    fc.assert(
      fc.property(text, edit, anywhere, (whole, one, at) => {
        const broken = edited(whole, one);
        const mended = look(broken, at);
        if (parse(broken).problems.length > 0) return;
        for (const [title, after] of mended) expect(problems(after), `${title}:\n${after}`).toEqual([]);
      }),
      { numRuns: 4000, examples: [[importing, { at: importing.indexOf(' gone:'), remove: 21, by: '\r' }, 58]] },
    );
  });
});
