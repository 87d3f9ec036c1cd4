// The tree of a file: cut into sections, right in its positions, and the same whether it was edited or read afresh.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { parse, type SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { items, type Node, name, rawText, text, valueAt } from '../../../server/src/syntax/nodes.ts';
import { rangeOf } from '../../../server/src/syntax/section.ts';
import { filesIn, readFixture } from '../fixtures.ts';

/** Everything that a reader of the tree can see, with positions in the file. */
function picture(document: SyntaxDocument): unknown {
  const draw = (node: Node | undefined): unknown => {
    if (node === undefined) return null;
    const at = node === document.root ? undefined : rangeOf(node);
    if (node.kind === 'scalar') return { at, text: node.value, style: node.style };
    if (node.kind === 'alias') return { at, alias: node.name };
    if (node.kind === 'sequence') return { at, items: node.items.map(draw) };
    return { at, entries: node.entries.map(entry => [draw(entry.key), draw(entry.value)]) };
  };
  return { tree: draw(document.root), problems: document.problems.map(each => [rangeOf(each), each.message]) };
}

/** What the values are, without positions. */
function values(node: Node | undefined): unknown {
  if (node === undefined) return '';
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'alias') return values(node.section.surroundings.anchor(node.name));
  if (node.kind === 'sequence') return node.items.map(values);
  return Object.fromEntries(node.entries.map(entry => [name(entry), values(entry.value)]));
}

const template = `tosca_definitions_version: tosca_simple_yaml_1_0
description: >
  text: that is folded
  and goes on
imports:
- one: a.yaml
topology_template:
  inputs:
    port: { type: integer }
    'quoted key': 1
  # a comment

  node_templates:
    web:   # with a comment
      type: a.Type
      properties:
        command: |
          line: one
            - two
        list: [ a, b: c, { d: e } ]
    db: { type: b.Type }
  outputs:
    url: { value: "x: y" }
`;

describe('parse', () => {
  it('reads the same values as a parser that takes the whole text at once', () => {
    const whole: unknown = parseDocument(template, { schema: 'failsafe' }).toJS();
    expect(values(parse(template).root)).toEqual(whole);
  });

  it.each(filesIn('checks').filter(file => parseDocument(readFixture(file)).errors.length === 0))(
    'reads %s like that parser',
    file => {
      const source = readFixture(file);
      const whole: unknown = parseDocument(source, { schema: 'failsafe', uniqueKeys: false, merge: true }).toJS();
      expect(values(parse(source).root)).toEqual(
        JSON.parse(JSON.stringify(whole, (_, value) => (value === null ? '' : value))),
      );
    },
  );

  it('knows where each thing stands', () => {
    const type = valueAt(parse(template).root, 'topology_template', 'node_templates', 'web', 'type');
    expect(type && rangeOf(type)).toEqual({ start: { line: 14, character: 12 }, end: { line: 14, character: 18 } });
    expect(type && rawText(type)).toBe('a.Type');
  });

  it('reads a file that is one flow mapping', () => {
    const { root, problems } = parse('{ "a": { "b": "c" },\n  "d": [ 1 ] }\n');
    expect(problems).toEqual([]);
    expect(values(root)).toEqual({ a: { b: 'c' }, d: ['1'] });
    expect(parse('{ a: b }\nc: d\n').problems).toHaveLength(1);
  });

  it('reads CRLF and a byte order mark', () => {
    expect(values(parse(`\uFEFF${template.replaceAll('\n', '\r\n')}`).root)).toEqual(values(parse(template).root));
  });

  it('knows where a map stands that is the key of an entry', () => {
    const [key] = parse('? a: b\n').root.entries.map(entry => entry.key);
    expect(key && rawText(key)).toBe('a: b');
  });

  it('lets a list that is never closed hold its last item', () => {
    const list = valueAt(parse('a: [ b, !!map ').root, 'a');
    expect(items(list).map(item => item.end <= (list?.end ?? 0))).toEqual([true, true]);
  });

  it('takes for text what only Unicode calls a blank', () => {
    const [item] = items(valueAt(parse('a: [ b\u2003\n').root, 'a'));
    expect(item && rawText(item)).toBe('b\u2003');
  });

  it('keeps a broken section from blinding the others', () => {
    const broken = template.replace('type: a.Type', 'type: [ a.Type');
    const document = parse(broken);
    expect(document.problems.length).toBeGreaterThan(0);
    expect(text(valueAt(document.root, 'topology_template', 'node_templates', 'db', 'type'))).toBe('b.Type');
    expect(text(valueAt(document.root, 'topology_template', 'outputs', 'url', 'value'))).toBe('x: y');
  });

  it('finds the node behind an alias of another section', () => {
    const document = parse('dsl_definitions:\n  image: &image nginx\nmetadata: { image: *image }\n');
    expect(text(document.anchor('image'))).toBe('nginx');
  });

  it('survives text that is no TOSCA at all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), source => void picture(parse(source))));
  });

  it('refuses what is nested without end, and goes on', () => {
    const document = parse(`bad: ${'['.repeat(10_000)}\ngood: 1\n`);
    expect(document.problems.map(each => each.message)).toEqual([
      'Lists or maps are nested more than 200 deep: this part of the file is not read.',
    ]);
    expect(text(valueAt(document.root, 'good'))).toBe('1');
  });
});

describe('parse with a previous document', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.integer({ min: 0, max: 40 }),
    insert: fc.oneof(
      fc.constantFrom(
        '\n',
        '  ',
        ':',
        '- ',
        '    new:\n      type: x\n',
        '{',
        '"',
        '#',
        '|\n',
        'topology_template:\n',
        '---\n',
        '\t',
      ),
      fc.string({ maxLength: 6 }),
    ),
  });

  it('gives what a fresh parse gives, after any series of edits', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), edits => {
        let source = template;
        let document = parse(source);
        for (const { at, remove, insert } of edits) {
          const from = Math.floor(at * source.length);
          source = source.slice(0, from) + insert + source.slice(from + remove);
          document = parse(source, document);
          expect(picture(document)).toEqual(picture(parse(source)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('parses only the section that changed', () => {
    const before = parse(template);
    picture(before);
    const after = parse(template.replace('b.Type', 'c.Type'), before);
    const fresh = after.sections.filter(section => !before.sections.includes(section));
    expect(fresh.map(section => section.text.trim())).toEqual(['db: { type: c.Type }']);
  });
});
