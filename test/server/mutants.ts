// Ways to break a template that really are wrong: each names one edit of the text, and the lines where it must be reported.
import { functions } from '../../server/src/grammar/functions.ts';
import { grammar } from '../../server/src/grammar/keynames.ts';
import { isIn } from '../../server/src/grammar/read.ts';
import type { Template } from '../../server/src/index.ts';
import { type Entry, type Mapping, type Node, name, type Span, text } from '../../server/src/syntax/nodes.ts';
import { rangeOf } from '../../server/src/syntax/section.ts';
import { entryPart, filePart, type Part, partEntries } from '../../server/src/template/part.ts';
import type { PropertyDefinition, Schema } from '../../server/src/types/definitions.ts';
import { builtIn } from '../../server/src/types/scalars.ts';

export interface Mutant {
  readonly kind: string;
  /** Offsets in the text, and what takes their place. */
  readonly from: number;
  readonly to: number;
  readonly by: string;
  /** Zero-based; it counts as reported on any of them. */
  readonly lines: readonly [number, number];
  /** A slip of the pen: what was meant can be told from what is written. */
  readonly slip?: true;
}

export function mutants(template: Template): readonly Mutant[] {
  const all: Mutant[] = [];
  const parts = [
    filePart(template),
    ...partEntries(template).flatMap(({ map, entries }) => entries.map(entry => entryPart(template, entry, map))),
  ];
  for (const part of parts) mutatePart(template, part, all);
  return all;
}

function mutatePart(template: Template, part: Part, all: Mutant[]): void {
  const { catalog } = template;
  const version = template.version ?? '1.3';
  const place = (span: Span) => span.section.place.offset;
  const lineOf = (span: Span) => rangeOf(span).start.line;
  const put = (kind: string, span: Span, by: string, lines?: readonly [number, number], slip = false) => {
    const range = rangeOf(span);
    all.push({
      ...(slip && { slip }),
      kind,
      from: place(span) + span.start,
      to: place(span) + span.end,
      by,
      lines: lines ?? [range.start.line, range.end.line],
    });
  };
  const rename = (kind: string, node: Node | undefined) => {
    const written = text(node);
    if (node === undefined || written === undefined || written.length < 3) return;
    const quote =
      node.kind === 'scalar' && node.style === 'single'
        ? "'"
        : node.kind === 'scalar' && node.style === 'double'
          ? '"'
          : '';
    put(kind, node, `${quote}${misspell(written, place(node) + node.start)}${quote}`, undefined, true);
  };
  const drop = (kind: string, entry: Entry, within: Mapping, owner: Span) => {
    if (within.flow || within.entries.length < 2) return;
    const { section } = entry;
    const start = section.text.lastIndexOf('\n', entry.start - 1) + 1;
    if (section.text.slice(start, entry.start).trim() !== '') return;
    const end = section.text.indexOf('\n', Math.max(entry.end, entry.key.end));
    const last = within.entries.at(-1) ?? entry;
    put(kind, { section, start, end: end === -1 ? section.text.length : end + 1 }, '', [
      lineOf(owner),
      rangeOf(last).end.line,
    ]);
  };
  const twice = (entry: Entry, within: Mapping) => {
    if (within.flow || entry.value?.kind !== 'scalar' || entry.value.style === 'block') return;
    const { section } = entry;
    const start = section.text.lastIndexOf('\n', entry.start - 1) + 1;
    const end = section.text.indexOf('\n', entry.end);
    if (
      section.text.slice(start, entry.start).trim() !== '' ||
      end === -1 ||
      section.text.slice(start, end).includes('#')
    )
      return;
    if (lineOf(entry.key) !== rangeOf(entry.value).end.line) return;
    const line = lineOf(entry.key);
    put('duplicate', { section, start, end: start }, section.text.slice(start, end + 1), [line, line + 1], true);
  };

  // keynames, and what a construct cannot do without
  for (const { construct, node, path } of part.grammar.constructs) {
    const { keynames, others } = grammar[construct];
    const owner = ownerOf(part, node, path);
    for (const entry of node.entries) {
      const keyname = Object.hasOwn(keynames, name(entry)) ? keynames[name(entry)] : undefined;
      if (keyname === undefined || !isIn(keyname, version)) continue;
      if (others === undefined) rename('keyname', entry.key);
      twice(entry, node);
      if (keyname.required === true) drop('required keyname', entry, node, owner);
    }
  }
  if (catalog.complete) for (const { node } of part.grammar.types) rename('type', node);

  // what the node's type knows
  if (part.node?.type !== undefined) {
    const { type, capabilities, requirements } = part.node;
    for (const entry of capabilities) if (type.capabilities.has(name(entry))) rename('capability', entry.key);
    for (const { entry, target } of requirements) {
      if (type.requirements.has(name(entry))) rename('requirement', entry.key);
      if (template.nodes.has(text(target) ?? '')) rename('target', target);
    }
  }

  // values
  for (const { properties, values, at } of part.assignments) {
    for (const entry of values?.entries ?? []) {
      const property = properties.get(name(entry));
      if (property === undefined) continue;
      rename('property', entry.key);
      if (values !== undefined) {
        twice(entry, values);
        if (property.required && property.default === undefined) drop('required property', entry, values, at);
      }
      mutateValue(entry.value, property.schema);
    }
  }
  const { input } = part;
  if (
    input?.default !== undefined &&
    input.default.start !== input.default.end &&
    input.entry.value?.kind === 'mapping'
  )
    mutateScalar(input.default, input.schema);

  // functions
  for (const call of part.calls) {
    rename('function', call.entry.key);
    const parts = call.argument?.kind === 'sequence' ? call.argument.items : [];
    if (call.name === 'get_input') {
      const wanted = call.argument?.kind === 'sequence' ? parts[0] : call.argument;
      if (template.inputs.has(text(wanted) ?? '')) rename('input', wanted);
      if (call.argument !== undefined) put('function argument', call.argument, '[]');
    } else if (call.name === 'get_attribute' || call.name === 'get_property') {
      const [first, second, third] = parts;
      const target = template.nodes.get(text(first) ?? '');
      if (target !== undefined) rename('function target', first);
      const known = target?.type;
      const wanted = text(second) ?? '';
      if (known !== undefined && second !== undefined) {
        const member = known.capabilities.get(wanted);
        if (known.properties.has(wanted) || known.attributes.has(wanted) || member !== undefined)
          rename('attribute', second);
        const inside = member && catalog.find('capability', member.type);
        if (
          inside !== undefined &&
          (inside.properties.has(text(third) ?? '') || inside.attributes.has(text(third) ?? ''))
        )
          rename('attribute of a capability', third);
      }
      if (call.argument?.kind === 'sequence' && call.argument.flow && first !== undefined)
        put('function argument', call.argument, `[ ${text(first)} ]`);
    } else if (call.name === 'concat' && call.argument?.kind === 'sequence') {
      put('function argument', call.argument, '{ a: b }');
    }
  }

  function mutateValue(value: Node | undefined, schema: Schema): void {
    if (value === undefined || value.kind === 'alias' || isCall(value)) return;
    const type = Object.hasOwn(builtIn, schema.type) ? undefined : catalog.find('data', schema.type);
    if (type !== undefined && type.primitive === undefined) {
      if (value.kind !== 'mapping') return;
      for (const entry of value.entries) {
        const property: PropertyDefinition | undefined = type.properties.get(name(entry));
        if (property === undefined) continue;
        rename('member', entry.key);
        twice(entry, value);
        if (property.required) drop('required member', entry, value, value);
        mutateValue(entry.value, property.schema);
      }
      return;
    }
    if (schema.type === 'list' && value.kind === 'sequence') {
      for (const item of value.items) if (schema.entry !== undefined) mutateValue(item, schema.entry);
      if (value.flow) put('wrong shape', value, 'x');
      return;
    }
    if (schema.type === 'map' && value.kind === 'mapping') {
      for (const entry of value.entries) if (schema.entry !== undefined) mutateValue(entry.value, schema.entry);
      return;
    }
    mutateScalar(value, schema);
  }

  function mutateScalar(value: Node, schema: Schema): void {
    if (value.kind !== 'scalar' || value.style === 'block') return;
    const type = Object.hasOwn(builtIn, schema.type) ? undefined : catalog.find('data', schema.type);
    const primitive = type?.primitive ?? schema.type;
    for (const by of wrongTexts[primitive] ?? []) put(`wrong ${primitive}`, value, by);
    const clauses = [...schema.constraints, ...(type?.constraints ?? [])];
    if (clauses.some(({ operator }) => operator === 'valid_values')) put('not a valid value', value, 'nonesuch');
    if (clauses.some(({ operator }) => operator === 'in_range')) put('out of range', value, '99999999');
    if (primitive !== 'boolean') put('wrong shape', value, '{ a: b }');
  }
}

const isCall = (node: Node) =>
  node.kind === 'mapping' &&
  node.entries.length === 1 &&
  node.entries.some(entry => Object.hasOwn(functions, name(entry)));

const wrongTexts: Readonly<Record<string, readonly string[]>> = {
  integer: ['twelve', '1.5'],
  float: ['plenty'],
  boolean: ['perhaps'],
  'scalar-unit.size': ['10 GHz', 'plenty'],
  'scalar-unit.time': ['10 GB'],
  'scalar-unit.frequency': ['10 MB'],
  version: ['one.two'],
  timestamp: ['tomorrow'],
};

/** The construct's own line counts too: what is missing is reported at the whole. */
function ownerOf(part: Part, node: Mapping, path: readonly string[]): Span {
  if (part.entry !== undefined && path.length === part.path.length) return part.entry.key;
  const { section, start } = node;
  const line = section.text.lastIndexOf('\n', section.text.lastIndexOf('\n', start - 1) - 1) + 1;
  return { section, start: line, end: line };
}

/** A slip of the pen, another one at another place. */
function misspell(word: string, seed: number): string {
  const at = 1 + (seed % (word.length - 1));
  const dropped = word.slice(0, at) + word.slice(at + 1);
  switch (seed % 3) {
    case 0:
      return dropped === word ? `${word}x` : dropped;
    case 1:
      return `${word.slice(0, at)}${word[at] === 'q' ? 'x' : 'q'}${word.slice(at)}`;
    default: {
      const swapped = word.slice(0, at - 1) + word[at] + word[at - 1] + word.slice(at + 1);
      return swapped === word ? `${word}s` : swapped;
    }
  }
}
