// Where in a template a function call stands, which decides what it may be and what SELF means there.
import type { FunctionCall } from '../grammar/functions.ts';
import { type Entry, entries, get, name, type Span } from '../syntax/nodes.ts';
import type { Scope } from './entities.ts';
import type { Part } from './part.ts';

export type PlaceKind =
  | 'property'
  | 'attribute'
  | 'operation input'
  | 'artifact file'
  | 'input default'
  | 'output'
  | 'definition'
  | 'elsewhere';

export interface Place extends Scope {
  readonly kind: PlaceKind;
}

const holds = (outer: Span, inner: Span) =>
  outer.section === inner.section && outer.start <= inner.start && inner.end <= Math.max(outer.end, outer.start);

const holding = (all: readonly Entry[], inner: Span) => all.find(entry => holds(entry, inner));

export function placeOf(part: Part, { node: at }: FunctionCall): Place {
  const { template, node, path, entry } = part;
  const [topology = '', section] = path;
  const place = (kind: PlaceKind, more: Partial<Pick<Place, 'type' | 'requirement'>> = {}): Place => ({
    kind,
    node,
    type: more.type,
    requirement: more.requirement,
  });
  if (part.typeKind !== undefined) {
    const type = template.catalog.find(part.typeKind, path.at(-1) ?? '');
    const inside = holding(entries(entry?.value), at);
    // in the relationship of a requirement, SELF is that relationship
    const own = inside !== undefined && name(inside) === 'requirements' ? undefined : type;
    return place('definition', { type: own });
  }
  if (topology !== 'topology_template') return place('elsewhere');
  if (section === 'outputs') return place('output');
  if (section === 'inputs') return place('input default');
  if (section !== 'node_templates' && section !== 'relationship_templates') return place('elsewhere');
  const within = holding(entries(entry?.value), at);
  const key = within === undefined ? '' : name(within);
  if (key === 'requirements') {
    const requirement = node?.requirements.find(each => holds(each.entry, at));
    const inside = holding(entries(requirement?.relationship), at);
    const kind = inside !== undefined && name(inside) === 'interfaces' ? 'operation input' : 'property';
    return place(kind, { requirement });
  }
  if (key === 'interfaces') return place('operation input');
  if (key === 'artifacts') {
    const artifact = holding(entries(within?.value), at);
    const file = get(artifact?.value, 'file');
    return place(file !== undefined && holds(file, at) ? 'artifact file' : 'property');
  }
  if (key === 'properties' || key === 'capabilities') return place('property');
  return place(key === 'attributes' ? 'attribute' : 'elsewhere');
}
