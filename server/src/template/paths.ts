// Where the arguments of get_property and get_attribute lead: through requirements and capabilities to a value, and into it.
import type { FunctionCall } from '../grammar/functions.ts';
import { items, type Node, text } from '../syntax/nodes.ts';
import type { Catalog } from '../types/catalog.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import { builtIn } from '../types/scalars.ts';
import { behind, type Entity, entityOf, hostsOf, ofNode, type Scope } from './entities.ts';
import type { TemplateView } from './template.ts';

export type Destination =
  /** A value; `schema` undefined where nobody knows its type. */
  | { readonly kind: 'value'; readonly schema: Schema | undefined }
  | {
      readonly kind: 'wrong';
      readonly at: Node;
      readonly message: string;
      /** What would be right there. */
      readonly candidates: readonly string[];
      readonly owner: Entity | undefined;
      /** True for a step into a value whose declared type has no parts: the run time may know better. */
      readonly inside?: true;
    };

/** Undefined where nobody can say. */
export function destination(template: TemplateView, call: FunctionCall, scope: Scope): Destination | undefined {
  const [first, second, ...rest] = items(call.argument);
  const wanted = text(second);
  const named = text(first);
  if (second === undefined || wanted === undefined || named === undefined) return undefined;
  const property = call.name === 'get_property';
  if (named === 'HOST') return onHosts(template, second, rest, property, scope);
  const entity = entityOf(template, named, scope);
  return entity && within(template, entity, second, rest, property);
}

function onHosts(
  template: TemplateView,
  second: Node,
  rest: readonly Node[],
  property: boolean,
  scope: Scope,
): Destination | undefined {
  if (scope.node === undefined || scope.requirement !== undefined) return undefined;
  const hosts = hostsOf(template, scope.node)?.map(ofNode);
  if (hosts === undefined || hosts.length === 0) return undefined;
  let last: Destination | undefined;
  for (const host of hosts) {
    if (host === undefined) return undefined;
    last = within(template, host, second, rest, property);
    if (last === undefined || last.kind === 'value') return last;
  }
  return last;
}

function within(
  template: TemplateView,
  entity: Entity,
  second: Node,
  rest: readonly Node[],
  property: boolean,
): Destination | undefined {
  const wanted = text(second) ?? '';
  const direct = heldBy(entity, wanted, property);
  if (direct !== undefined) return into(template.catalog, direct.schema, rest);
  const { capabilities, requirements } = entity.type;
  const through = capabilities.has(wanted) || requirements.has(wanted);
  const [third, ...more] = rest;
  if (!through || third === undefined) {
    const what = property ? 'property' : 'attribute or property';
    const hint = through ? ` Say which of its values: [ ${entity.node?.name ?? 'SELF'}, ${wanted}, ... ].` : '';
    const names = [
      ...valueNames(entity, property),
      ...(rest.length === 0 ? [] : [...capabilities.keys(), ...requirements.keys()]),
    ];
    return {
      kind: 'wrong',
      at: second,
      message: `"${wanted}" is no ${what} of ${entity.owner}.${hint}`,
      candidates: through ? [] : names,
      owner: entity,
    };
  }
  const last = text(third);
  const holders = behind(template, entity, wanted);
  const [holder] = holders ?? [];
  if (holders === undefined || holder === undefined || last === undefined) return undefined;
  for (const each of holders) {
    const value = heldBy(each, last, property);
    if (value !== undefined) return into(template.catalog, value.schema, more);
  }
  // a requirement, then a capability of its target, then the value
  const deeper = text(more[0]);
  if (deeper !== undefined && holders.some(({ type }) => type.capabilities.has(last) || type.requirements.has(last)))
    return undefined;
  return {
    kind: 'wrong',
    at: third,
    message: `"${last}" is no value of ${holder.owner}.`,
    candidates: holders.flatMap(each => valueNames(each, property)),
    owner: holder,
  };
}

export interface Choices {
  readonly names: readonly string[];
  /** Who has them, where that is an entity. */
  readonly owner: Entity | undefined;
}

/** What may stand as the argument at an index from 1 on, whatever stands there now; undefined where nobody can say. */
export function choicesAt(
  template: TemplateView,
  call: FunctionCall,
  scope: Scope,
  index: number,
): Choices | undefined {
  const known = items(call.argument).slice(0, index);
  const at = items(call.argument)[index];
  if (index === 0 || at === undefined) return undefined;
  const { section, start, end } = at;
  const other: Node = { kind: 'scalar', value: '\0', style: 'plain', section, start, end };
  // what leads on to further values counts too, as if there were another argument
  const asked = [...known, other, ...(index === 1 ? [other] : [])];
  const argument: Node = { kind: 'sequence', flow: true, items: asked, section, start, end };
  const found = destination(template, { ...call, argument }, scope);
  return found?.kind === 'wrong' && found.at === other ? { names: found.candidates, owner: found.owner } : undefined;
}

/** Properties are reflected as attributes. */
function heldBy(
  entity: Entity,
  wanted: string,
  property: boolean,
): { readonly schema: Schema | undefined } | undefined {
  const found: PropertyDefinition | undefined =
    entity.properties.get(wanted) ?? (property ? undefined : entity.attributes.get(wanted));
  if (found !== undefined) return { schema: found.schema };
  return !property && entity.runTime.includes(wanted) ? { schema: undefined } : undefined;
}

function valueNames({ properties, attributes, runTime }: Entity, property: boolean): readonly string[] {
  return [...properties.keys(), ...(property ? [] : [...attributes.keys(), ...runTime])];
}

/** Down into a value, by keys and indexes. */
export function into(catalog: Catalog, schema: Schema | undefined, steps: readonly Node[]): Destination {
  const [step, ...rest] = steps;
  const key = text(step);
  if (step === undefined || key === undefined || schema === undefined)
    return { kind: 'value', schema: step === undefined ? schema : undefined };
  const type = Object.hasOwn(builtIn, schema.type) ? undefined : catalog.find('data', schema.type);
  const primitive = type === undefined ? schema.type : type.primitive;
  if (primitive === 'list') {
    if (/^\d+$/.test(key)) return into(catalog, schema.entry ?? type?.entrySchema, rest);
    const message = `This is a list: its values have indexes such as \`0\`, not "${key}".`;
    return { kind: 'wrong', at: step, message, candidates: [], owner: undefined };
  }
  if (primitive === 'map') return into(catalog, schema.entry ?? type?.entrySchema, rest);
  if (primitive === undefined && type !== undefined) {
    const member = type.properties.get(key);
    if (member !== undefined) return into(catalog, member.schema, rest);
    if (type.missingParent !== undefined) return { kind: 'value', schema: undefined };
    return {
      kind: 'wrong',
      at: step,
      message: `"${key}" is no property of ${type.name}.`,
      candidates: [...type.properties.keys()],
      owner: undefined,
    };
  }
  if (!Object.hasOwn(builtIn, primitive ?? '') || primitive === 'range') return { kind: 'value', schema: undefined };
  const message = `The value before "${key}" is a single one (${schema.type}): it has no parts.`;
  return { kind: 'wrong', at: step, message, candidates: [], owner: undefined, inside: true };
}
