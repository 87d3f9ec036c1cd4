// What a type declaration defines: the properties and attributes in it, wherever they stand.
import { entries, get, type Node } from '../syntax/nodes.ts';
import { type PropertyDefinition, readProperty } from '../types/definitions.ts';
import type { Part } from './part.ts';

/** All property and attribute definitions of a type that is declared in the template. */
export function definitionsIn({
  entry,
  template: { uri },
}: Pick<Part, 'entry' | 'template'>): readonly PropertyDefinition[] {
  const body = entry?.value;
  const holders: readonly (Node | undefined)[] = [body, ...entries(get(body, 'capabilities')).map(each => each.value)];
  return holders
    .flatMap(holder => [...entries(get(holder, 'properties')), ...entries(get(holder, 'attributes'))])
    .map(each => readProperty(each, uri));
}
