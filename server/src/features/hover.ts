// Hover: what stands under the cursor, in words.
import type { Hover } from 'vscode-languageserver-types';
import { functions } from '../grammar/functions.ts';
import { grammar } from '../grammar/keynames.ts';
import { type Node, text } from '../syntax/nodes.ts';
import { type Position, rangeOf } from '../syntax/section.ts';
import { choicesAt } from '../template/paths.ts';
import type { Template } from '../template/template.ts';
import { builtIn } from '../types/scalars.ts';
import {
  describeCapability,
  describeFunction,
  describeInput,
  describeProperty,
  describeRequirement,
  describeType,
} from './describe.ts';
import { expectedAt, ownerAt, propertiesAt, scopeAt } from './expected.ts';
import { argumentAt, grammarPlace, isOnKey, type Location, locate, typeKinds } from './locate.ts';

export function hover(template: Template, position: Position): Hover | null {
  const { document } = template;
  const offset = document.offsetAt(position);
  const location = locate(document, offset);
  const { node } = location;
  if (node === undefined || node.kind !== 'scalar' || !contains(node, offset)) return null;
  const said = describeAt(template, location, node);
  return said === undefined ? null : { contents: { kind: 'markdown', value: said }, range: rangeOf(node) };
}

const contains = ({ section, start, end }: Node, offset: number) =>
  section.place.offset + start <= offset && offset <= section.place.offset + end;

function describeAt(template: Template, location: Location, node: Node): string | undefined {
  const { catalog, document } = template;
  const { steps } = location;
  const written = text(node) ?? '';
  const onKey = isOnKey(steps.at(-1));
  const place = grammarPlace(steps);

  if (onKey && Object.hasOwn(functions, written) && (place.rest.length > 0 || place.shape === 'any')) {
    const known = functions[written];
    if (known !== undefined) return `**${written}**\n\n${describeFunction(known)}`;
  }
  const reference = describeArgument(template, location, written);
  if (reference !== undefined) return reference;

  const kinds = onKey ? [] : typeKinds(place.shape);
  if (kinds.length > 0) {
    const [type] = kinds.flatMap(kind => catalog.find(kind, written) ?? []);
    return type !== undefined
      ? describeType(type)
      : Object.hasOwn(builtIn, written)
        ? `**${written}**\n\n${builtIn[written]}`
        : undefined;
  }
  if (place.shape === 'values') {
    const properties = propertiesAt(template, document.root, place.path);
    const expected = properties === undefined ? undefined : expectedAt(properties, place.rest, catalog);
    return expected?.definition === undefined ? undefined : describeProperty(expected.definition);
  }
  if (onKey && place.construct !== undefined && typeof place.shape === 'object' && 'construct' in place.shape) {
    const keyname = grammar[place.construct].keynames[written];
    if (keyname !== undefined) return `**${written}**\n\n${keyname.doc}`;
  }
  if (onKey) return describeName(template, place.path, written);
  if (place.keyname === 'node' || place.construct === 'requirement assignment' || place.construct === 'node template') {
    const target = template.nodes.get(written)?.type;
    return target === undefined ? undefined : describeType(target);
  }
  return undefined;
}

/** A name that the author's type knows: a capability, requirement or artifact of the node; or an input or node of the template. */
function describeName(template: Template, path: readonly string[], written: string): string | undefined {
  const { catalog, document, nodes, inputs } = template;
  const section = path.at(-2);
  const type = ownerAt(template, document.root, path)?.type;
  if (section === 'capabilities') {
    const capability = type?.capabilities.get(written);
    return capability && describeCapability(capability, catalog);
  }
  if (section === 'requirements') {
    const requirement = type?.requirements.get(written);
    return requirement && describeRequirement(requirement);
  }
  if (section === 'node_templates') {
    const own = nodes.get(written)?.type;
    return own && describeType(own);
  }
  if (section === 'inputs') {
    const input = inputs.get(written);
    return input && describeInput(input);
  }
  return undefined;
}

/** The argument of a function: an input, a node template, what that has. */
function describeArgument(template: Template, { steps }: Location, written: string): string | undefined {
  const { call, index = 0 } = argumentAt(steps) ?? {};
  if (call?.name === 'get_input' && index === 0) {
    const input = template.inputs.get(written);
    return input && describeInput(input);
  }
  if (call?.name !== 'get_attribute' && call?.name !== 'get_property') return undefined;
  if (index === 0) {
    const type = template.nodes.get(written)?.type;
    return type && describeType(type);
  }
  const owner = choicesAt(template, call, scopeAt(template, grammarPlace(steps).path), index)?.owner;
  const property = owner?.properties.get(written) ?? owner?.attributes.get(written);
  if (property !== undefined) return describeProperty(property);
  const capability = owner?.type.capabilities.get(written);
  if (capability !== undefined) return describeCapability(capability, template.catalog);
  const requirement = owner?.type.requirements.get(written);
  return requirement && describeRequirement(requirement);
}
