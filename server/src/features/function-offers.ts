// Completion of functions: as values, as keys of maps that are to be calls, and their arguments.
import { CompletionItemKind } from 'vscode-languageserver-types';
import { functions, type IntrinsicFunction } from '../grammar/functions.ts';
import { isIn } from '../grammar/read.ts';
import { choicesAt } from '../template/paths.ts';
import type { Template } from '../template/template.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import { describeFunction, describeInput, schemaText } from './describe.ts';
import { scopeAt } from './expected.ts';
import { argumentAt, grammarPlace, isOnKey, type Step } from './locate.ts';
import { escapeSnippet, nodeOffers, type Offer, propertyOffer } from './offer.ts';

const known = ({ version = '1.0' }: Template) => Object.entries(functions).filter(([, each]) => isIn(each, version));

/** Calls, in the place of a value. */
export function functionOffers(template: Template): readonly Offer[] {
  return [
    ...[...template.inputs.values()].map(input => ({
      label: `get_input: ${input.name}`,
      kind: CompletionItemKind.Variable,
      detail: schemaText(input.schema),
      documentation: describeInput(input),
      insert: `{ get_input: ${escapeSnippet(input.name)} }`,
    })),
    ...known(template)
      .filter(([label]) => label !== 'get_input')
      .map(([label, called]) => ({
        label,
        kind: CompletionItemKind.Function,
        documentation: describeFunction(called),
        insert: `{ ${label}:${argumentOf(called)} }`,
      })),
  ];
}

/** Names of functions, where the key of a call stands. */
export function functionKeys(template: Template): readonly Offer[] {
  return known(template).map(([label, called]) => ({
    label,
    kind: CompletionItemKind.Function,
    documentation: describeFunction(called),
    after: argumentOf(called),
  }));
}

const argumentOf = ({ example }: IntrinsicFunction) => (example.includes('[') ? ' [ $0 ]' : ' $0');

/** Inside `get_input: |` or `get_attribute: [ | ]`; undefined where no function's argument is. */
export function argumentOffers(template: Template, steps: readonly Step[]): readonly Offer[] | undefined {
  const last = steps.at(-1);
  if (isOnKey(last)) {
    const outer = argumentAt(steps.slice(0, -1))?.call.name;
    return outer !== undefined && joins.has(outer) ? functionKeys(template) : undefined;
  }
  const { call, index = 0 } = argumentAt(steps) ?? {};
  if (call === undefined) return undefined;
  if (joins.has(call.name)) return functionOffers(template);
  if (call.name === 'get_input') return index === 0 ? [...template.inputs.values()].map(inputOffer) : [];
  if (call.name !== 'get_property' && call.name !== 'get_attribute') return [];
  if (index === 0) {
    const special = ['SELF', 'HOST', 'SOURCE', 'TARGET'].map(label => ({ label, kind: CompletionItemKind.Keyword }));
    return [...nodeOffers(template), ...special];
  }
  const { names = [], owner } = choicesAt(template, call, scopeAt(template, grammarPlace(steps).path), index) ?? {};
  return [...new Set(names)].map(label => {
    const property = owner?.properties.get(label) ?? owner?.attributes.get(label);
    const offer = property === undefined ? { label, kind: CompletionItemKind.Interface } : propertyOffer(property);
    return { ...offer, insert: escapeSnippet(label) };
  });
}

/** Functions whose arguments may be calls. */
const joins: ReadonlySet<string> = new Set(['concat', 'join', 'token']);

const inputOffer = (input: PropertyDefinition): Offer => ({
  label: input.name,
  kind: CompletionItemKind.Variable,
  detail: schemaText(input.schema),
  documentation: describeInput(input),
});
