// Node filters, with the types that say which properties and capabilities may be asked for in them.
import { type Entry, entries, get, items, type Node, name, text } from '../syntax/nodes.ts';
import { type Catalog, offeredCapability, type ResolvedType } from '../types/catalog.ts';
import type { CapabilityDefinition, PropertyDefinition } from '../types/definitions.ts';
import type { Part } from './part.ts';

export type Filtered = {
  /** Names that the filter asks for. */
  readonly asked: readonly Entry[];
  readonly owner: ResolvedType;
} & (
  | { readonly what: 'property'; readonly known: ReadonlyMap<string, PropertyDefinition> }
  | { readonly what: 'capability'; readonly known: ReadonlyMap<string, CapabilityDefinition> }
);

/** Every list of names in the node filters of a part, where it is known what they are names of. */
export function filtersIn({ node, entry, typeKind, template }: Part): readonly Filtered[] {
  const { catalog } = template;
  const body = entry?.value;
  if (node !== undefined) {
    const own = ofNode(catalog, get(body, 'node_filter'), node.type);
    return [
      ...own,
      ...node.requirements.flatMap(({ entry: requirement, name: wanted, target }) => {
        const definition = node.type?.requirements.get(wanted);
        const named = text(target) ?? definition?.node ?? '';
        const type = template.nodes.get(named)?.type ?? catalog.find('node', named);
        return ofNode(catalog, get(requirement.value, 'node_filter'), type);
      }),
    ];
  }
  return typeKind !== 'node'
    ? []
    : items(get(body, 'requirements'))
        .flatMap(entries)
        .flatMap(({ value }) =>
          ofNode(catalog, get(value, 'node_filter'), catalog.find('node', text(get(value, 'node')) ?? '')),
        );
}

function ofNode(catalog: Catalog, filter: Node | undefined, type: ResolvedType | undefined): readonly Filtered[] {
  if (filter === undefined || type === undefined || type.missingParent !== undefined || type.circular) return [];
  const capabilities = items(get(filter, 'capabilities')).flatMap(entries);
  return [
    { asked: propertiesIn(filter), owner: type, known: type.properties, what: 'property' },
    {
      // a filter may name a capability by its type
      asked: capabilities.filter(each => catalog.find('capability', name(each)) === undefined),
      owner: type,
      known: type.capabilities,
      what: 'capability',
    },
    ...capabilities.flatMap((each): readonly Filtered[] => {
      const offered = offeredCapability(catalog, type, name(each));
      return offered === undefined || offered.type.missingParent !== undefined
        ? []
        : [
            {
              asked: propertiesIn(each.value),
              owner: offered.type,
              known: offered.properties,
              what: 'property',
            },
          ];
    }),
  ];
}

const propertiesIn = (node: Node | undefined) => items(get(node, 'properties')).flatMap(entries);
