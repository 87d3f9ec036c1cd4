// Completion: a marker is put where the cursor is, the text is read again with it, and the place of the marker in the tree says what fits.
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver-types';
import { type Operator, operators } from '../grammar/constraints.ts';
import { grammar, type Keyname, type Shape, type TypeKind } from '../grammar/keynames.ts';
import { isIn } from '../grammar/read.ts';
import { versionNames } from '../grammar/versions.ts';
import { parse, type SyntaxDocument } from '../syntax/document.ts';
import { get, name, text } from '../syntax/nodes.ts';
import type { Position, Range } from '../syntax/section.ts';
import { operationsOf } from '../template/interfaces.ts';
import type { Template } from '../template/template.ts';
import { canConstrain } from '../types/clauses.ts';
import { validValues } from '../types/constraints.ts';
import type { Schema } from '../types/definitions.ts';
import { dockerImageType } from '../types/indigo.ts';
import { builtIn } from '../types/scalars.ts';
import { type Line, toItem } from './completion-item.ts';
import { describeCapability, describeRequirement, describeType } from './describe.ts';
import { type Expected, expectedAt, members, ownerAt, propertiesAt } from './expected.ts';
import { argumentOffers, functionKeys, functionOffers } from './function-offers.ts';
import { type GrammarPlace, grammarPlace, isOnKey, locate, type Step, typeKinds } from './locate.ts';
import { nodeOffers, type Offer, propertyOffer, type TypeReference } from './offer.ts';

const marker = 'zzCursorHerezz';

export function complete(template: Template, position: Position): CompletionItem[] {
  const { document } = template;
  const offset = document.offsetAt(position);
  const word = wordAround(document.text, offset);
  const lineStart = document.text.lastIndexOf('\n', offset - 1) + 1;
  const before = document.text.slice(lineStart, word.start);
  const after = /^[^\n]*/.exec(document.text.slice(word.end))?.[0].trimEnd() ?? '';
  const range: Range = {
    start: { line: position.line, character: position.character - (offset - word.start) },
    end: { line: position.line, character: position.character + (word.end - offset) },
  };
  const [, dashes] = /^\s*((?:-\s+)*)$/.exec(before) ?? [];
  const asKey = after === '' && dashes !== undefined;
  // a key, or else a value on a line of its own; a bracket or quote that is still to be closed takes in the lines that follow
  for (const closing of new Set([asKey ? ':' : '', after === '' ? closingOf(before) : ''])) {
    const marked = parse(document.text.slice(0, word.start) + marker + closing + document.text.slice(word.end));
    const { steps, node } = locate(marked, word.start + 1);
    if (!steps.some(isMarked) && text(node) !== marker) continue;
    const offers = offersAt(template, marked, steps);
    if (offers.length === 0) continue;
    const last = steps.at(-1);
    const line: Line = {
      range,
      colonFollows: /^\s*:/.test(after),
      flow: isOnKey(last) && last.within.flow,
      deeper: dashes?.length ?? 0,
      valueFollows: asKey && valueFollows(document.text.slice(word.end), word.start - lineStart),
    };
    return offers.map((offer, index) => toItem(offer, line, index));
  }
  return [];
}

/** Whether the lines behind a line go on below a key that begins at a column. */
function valueFollows(rest: string, column: number): boolean {
  const [, indentation = '', first] = /^[^\n]*\n(?:[ \t]*(?:#.*)?\r?\n)*( *)(\S\S?)/.exec(rest) ?? [];
  if (first === undefined) return false;
  return indentation.length > column || (indentation.length === column && first === '-');
}

/** What closes the quotes and brackets that are open at the end of a line. */
function closingOf(line: string): string {
  const open: string[] = [];
  const marks = /(?<=^|[\s[{,:])(?:(")(?:[^"\\]|\\.)*("?)|(')[^']*('?)|#.*)|[[\]{}]/g;
  for (const [found, double, doubleEnd, single, singleEnd] of line.matchAll(marks)) {
    const quote = double ?? single;
    if (found === '[') open.push(']');
    else if (found === '{') open.push('}');
    else if (found === ']' || found === '}') open.pop();
    else if (quote !== undefined && !(doubleEnd || singleEnd)) open.push(quote);
  }
  return open.reverse().join('');
}

function isMarked(step: Step): boolean {
  return 'entry' in step
    ? text(step.entry.key) === marker || text(step.entry.value) === marker
    : text(step.item) === marker;
}

function wordAround(source: string, offset: number): { readonly start: number; readonly end: number } {
  const inWord = (character: string | undefined) => character !== undefined && /[\w.-]/.test(character);
  let start = offset;
  while (start > 0 && inWord(source[start - 1])) start--;
  // a dash at the start of an item is no part of the word
  while (start < offset && source[start] === '-') start++;
  let end = offset;
  while (inWord(source[end])) end++;
  return { start, end };
}

function offersAt(template: Template, marked: SyntaxDocument, steps: readonly Step[]): readonly Offer[] {
  const inFunction = argumentOffers(template, steps);
  if (inFunction !== undefined) return inFunction;
  const place = grammarPlace(steps);
  if (place.shape === 'values') return valueOffers(template, marked, place);
  if (place.shape === 'constraints') return constraintOffers(template, place, steps);
  const last = steps.at(-1);
  if (takesExpression(place)) return isOnKey(last) ? functionKeys(template) : functionOffers(template);
  return isOnKey(last) || takesKeys(place) ? keyOffers(template, marked, place, last) : textOffers(template, place);
}

/** A value outside of the types' realm, which a function may give. */
function takesExpression({ shape, construct, keyname }: GrammarPlace): boolean {
  return shape === 'expression' || (shape === 'any' && construct === 'output' && keyname === 'value');
}

/** Nothing but the marker stands where a map would: it is the first key of it. */
function takesKeys({ shape }: GrammarPlace): boolean {
  return typeof shape === 'object' && (('construct' in shape && shape.short !== true) || 'mapOf' in shape);
}

// Keys

function keyOffers(
  template: Template,
  marked: SyntaxDocument,
  place: GrammarPlace,
  last: Step | undefined,
): readonly Offer[] {
  const { shape } = place;
  if (typeof shape !== 'object') return [];
  const siblings = existing(last);
  if ('construct' in shape) {
    const { keynames, others } = grammar[shape.construct];
    const version = template.version ?? '1.0';
    const own = Object.entries(keynames)
      .filter(([key, keyname]) => isIn(keyname, version) && !siblings.has(key))
      .map(([key, keyname]): Offer => keynameOffer(key, keyname));
    if (others === undefined) return own;
    const operations = operationOffers(template, marked, place.path);
    return [...own, ...operations.filter(({ label }) => !siblings.has(label))];
  }
  const path = isOnKey(last) ? place.path.slice(0, -1) : place.path;
  return nameOffers(template, marked, path).filter(({ label }) => !siblings.has(label));
}

/** The keys that are there already, beside the marker. */
function existing(last: Step | undefined): ReadonlySet<string> {
  const beside = last !== undefined && 'entry' in last ? last.within.entries : [];
  return new Set(beside.map(name).filter(key => key !== marker));
}

function keynameOffer(key: string, { shape, doc, required }: Keyname): Offer {
  return {
    label: key,
    kind: CompletionItemKind.Keyword,
    documentation: doc,
    after: after(shape),
    ...(required === true && { first: true }),
  };
}

/** What follows a new key's colon, so that the next thing to write is where the cursor is. */
function after(shape: Shape): string {
  if (typeof shape === 'object') {
    if ('pairsOf' in shape || 'listOf' in shape) return '\n  - $0';
    if ('mapOf' in shape || ('construct' in shape && shape.short !== true)) return '\n  $0';
  }
  if (shape === 'constraints') return '\n  - $0';
  return shape === 'values' ? '\n  $0' : ' $0';
}

/** The operations of the interface that a path leads to; where its type does not say, those that most have. */
function operationOffers(template: Template, marked: SyntaxDocument, path: readonly string[]): readonly Offer[] {
  const owner = ownerAt(template, marked.root, path);
  const [group, of = ''] = owner?.rest ?? [];
  const known = owner && group === 'interfaces' ? operationsOf(template.catalog, owner.type, of) : undefined;
  const names = known === undefined || known === 'unknown' ? ['create', 'configure', 'start', 'stop', 'delete'] : known;
  return [...names].map(label => ({
    label,
    kind: CompletionItemKind.Method,
    after: '\n  implementation: $0',
    detail: 'operation',
  }));
}

/** Names that the node's type offers at a map of names. */
function nameOffers(template: Template, marked: SyntaxDocument, path: readonly string[]): readonly Offer[] {
  const { catalog } = template;
  const type = ownerAt(template, marked.root, path)?.type;
  switch (path.at(-1)) {
    case 'capabilities':
      return [...(type?.capabilities.values() ?? [])].map(capability => ({
        label: capability.name,
        kind: CompletionItemKind.Interface,
        detail: capability.type,
        documentation: describeCapability(capability, catalog),
        after: '\n  properties:\n    $0',
      }));
    case 'requirements':
      return [...(type?.requirements.values() ?? [])].map(requirement => ({
        label: requirement.name,
        kind: CompletionItemKind.Reference,
        detail: requirement.capability,
        documentation: describeRequirement(requirement),
        after: ' $0',
      }));
    case 'artifacts':
      return [
        ...(type?.artifacts.values() ?? []),
        ...(type?.artifacts.has('image') || type === undefined ? [] : dockerImage(type.ancestry)),
      ].map(artifact => ({
        label: artifact.name,
        kind: CompletionItemKind.File,
        ...(artifact.type !== undefined && { detail: artifact.type }),
        after: `\n  file: $0\n  type: ${artifact.type ?? 'tosca.artifacts.File'}`,
      }));
    case 'interfaces':
      return [...(type?.interfaces.keys() ?? [])].map(label => ({
        label,
        kind: CompletionItemKind.Module,
        after: '\n  $0',
      }));
    case 'operations':
      return operationOffers(template, marked, path);
    default:
      return [];
  }
}

/** A Chronos job's image artifact is looked for by its name, though its type declares none. */
function dockerImage(ancestry: readonly string[]) {
  return ancestry.includes('tosca.nodes.indigo.Container.Application.Docker')
    ? [{ name: 'image', type: dockerImageType }]
    : [];
}

// Values of properties

function valueOffers(template: Template, marked: SyntaxDocument, place: GrammarPlace): readonly Offer[] {
  const { catalog } = template;
  const last = place.rest.at(-1);
  const properties = propertiesAt(template, marked.root, place.path);
  const expected = properties && expectedAt(properties, place.rest, catalog);
  if (isOnKey(last)) {
    const own = expected?.kind === 'property' ? propertyOffers(expected, existing(last)) : [];
    return place.rest.length > 1 && last.within.entries.length === 1 ? [...own, ...functionKeys(template)] : own;
  }
  if (expected === undefined) return functionOffers(template);
  if (expected.kind === 'property') return propertyOffers(expected, new Set());
  const inner = members(expected.schema, catalog);
  if (inner !== undefined && last !== undefined && 'item' in last) {
    return [
      ...propertyOffers({ kind: 'property', properties: inner, definition: undefined }, new Set()),
      ...functionOffers(template),
    ];
  }
  return [...schemaOffers(expected.schema), ...functionOffers(template)];
}

function propertyOffers(
  { properties }: Extract<Expected, { kind: 'property' }>,
  siblings: ReadonlySet<string>,
): readonly Offer[] {
  return [...properties.values()].filter(property => !siblings.has(property.name)).map(propertyOffer);
}

function schemaOffers({ type, constraints }: Schema): readonly Offer[] {
  const valid = constraints.find(({ operator }) => operator === 'valid_values');
  const values = valid !== undefined ? validValues(valid) : type === 'boolean' ? ['true', 'false'] : [];
  return values.map(label => ({ label, kind: CompletionItemKind.EnumMember, first: true }));
}

// Constraint clauses

/** Operators that the type beside them can be constrained by. What stands behind one is the author's. */
function constraintOffers(
  { version = '1.0' }: Template,
  { rest }: GrammarPlace,
  steps: readonly Step[],
): readonly Offer[] {
  const last = rest.at(-1);
  if (last !== undefined && 'entry' in last && !last.onKey) return [];
  const holder = steps.findLast(step => 'entry' in step && name(step.entry) === 'constraints');
  const type = holder !== undefined && 'entry' in holder ? text(get(holder.within, 'type')) : undefined;
  const beginsList = !rest.some(step => 'item' in step || step.within.flow || step.within.entries.length > 1);
  return Object.entries(operators)
    .filter(([, operator]) => isIn(operator, version) && canConstrain(operator, type))
    .map(([label, { doc, argument }]) => ({
      label,
      kind: CompletionItemKind.Operator,
      documentation: doc,
      after: argumentOf[argument],
      ...(beginsList && { insert: `- ${label}:${argumentOf[argument]}` }),
    }));
}

const argumentOf: Readonly<Record<Operator['argument'], string>> = {
  value: ' $0',
  range: ' [ $1, $2 ]',
  values: ' [ $0 ]',
  count: ' $0',
  text: " '$0'",
};

// Texts with a meaning in the grammar

function textOffers(template: Template, place: GrammarPlace): readonly Offer[] {
  const { catalog } = template;
  const kinds = typeKinds(place.shape);
  if (kinds.length > 0) return kinds.flatMap(kind => typeOffers(template, kind));
  const words = wordsOf(place.shape);
  if (words.length > 0) return words.map(label => ({ label, kind: CompletionItemKind.EnumMember }));
  if (place.construct === 'requirement assignment' && place.keyname === 'node') return targetOffers(template, place);
  if (place.path.includes('requirements') && typeof place.shape === 'object' && 'construct' in place.shape)
    return targetOffers(template, place);
  switch (place.keyname) {
    case 'tosca_definitions_version':
      return versionNames.map(label => ({ label, kind: CompletionItemKind.Constant }));
    case 'derived_from': {
      const own = derivedKinds[place.construct ?? ''];
      return own === undefined ? [] : typeOffers(template, own);
    }
    case 'members':
    case 'targets':
      return nodeOffers(template);
    case 'capability': {
      const type = catalog.names('capability');
      return type.map(label => ({ label, kind: CompletionItemKind.Interface }));
    }
    case 'imports':
      return [
        {
          label: 'INDIGO types',
          kind: CompletionItemKind.File,
          insert:
            'indigo_custom_types: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml',
        },
      ];
    default:
      return [];
  }
}

/** Where only some words may stand, these. */
function wordsOf(shape: Shape | undefined): readonly string[] {
  if (shape === 'boolean') return ['true', 'false'];
  if (typeof shape !== 'object') return [];
  if ('oneOf' in shape) return shape.oneOf;
  return 'listOf' in shape ? wordsOf(shape.listOf) : [];
}

const derivedKinds: Readonly<Record<string, TypeKind>> = {
  'node type': 'node',
  'capability type': 'capability',
  'relationship type': 'relationship',
  'data type': 'data',
  'artifact type': 'artifact',
  'interface type': 'interface',
  'policy type': 'policy',
  'group type': 'group',
};

/** What a type is is told when its item is looked at: to tell it of all would mean to read every type there is. */
function typeOffers({ catalog, uri }: Template, kind: TypeKind): readonly Offer[] {
  const own = catalog.names(kind).map(
    (label): Offer => ({
      label,
      kind: CompletionItemKind.Class,
      data: { uri, kind, name: label } satisfies TypeReference,
      ...(label.includes('.Docker.') && { first: true }),
    }),
  );
  return kind === 'data'
    ? [
        ...Object.entries(builtIn).map(([label, doc]) => ({
          label,
          kind: CompletionItemKind.TypeParameter,
          documentation: doc,
          first: true,
        })),
        ...own,
      ]
    : own;
}

export function documentType(
  item: CompletionItem,
  { catalog }: Template,
  { kind, name: wanted }: TypeReference,
): CompletionItem {
  const type = catalog.find(kind, wanted);
  return type === undefined ? item : { ...item, documentation: { kind: 'markdown', value: describeType(type) } };
}

/** Node templates that can fulfil a requirement: those with a capability of the type it asks for come first. */
function targetOffers(template: Template, place: GrammarPlace): readonly Offer[] {
  const { nodes, catalog } = template;
  const at = place.path.indexOf('requirements');
  const owner = nodes.get(place.path[at - 1] ?? '');
  const wanted = owner?.type?.requirements.get(place.path[at + 1] ?? '')?.capability;
  return nodeOffers(template)
    .filter(({ label }) => label !== owner?.name)
    .map(offer => {
      const offered = [...(nodes.get(offer.label)?.type?.capabilities.values() ?? [])];
      const fits = wanted !== undefined && offered.some(({ type }) => catalog.isA('capability', type, wanted));
      return { ...offer, first: fits };
    });
}
