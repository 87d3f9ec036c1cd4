// The intrinsic functions of TOSCA: their names, what they are for, and since when. How they are evaluated is in plan/.
import { type Entry, entries, type Mapping, type Node, name } from '../syntax/nodes.ts';
import type { Version } from './versions.ts';

export interface IntrinsicFunction {
  readonly doc: string;
  readonly since?: Version;
  /** True where the first argument names a node or relationship template, or SELF and the like. */
  readonly entity?: true;
  /** As an author would begin it. */
  readonly example: string;
}

export const functions: Readonly<Record<string, IntrinsicFunction>> = {
  get_input: { doc: 'Value of an input.', example: '{ get_input: name }' },
  get_property: {
    entity: true,
    doc: 'Value of a property of a node template, of one of its capabilities, or of a requirement’s target.',
    example: '{ get_property: [ node, property ] }',
  },
  get_attribute: {
    entity: true,
    doc: 'Value that is known only at run time, such as `load_balancer_ips` or a published port.',
    example: '{ get_attribute: [ node, attribute ] }',
  },
  get_operation_output: {
    entity: true,
    doc: 'Output of an operation.',
    example: '{ get_operation_output: [ node, interface, operation, output ] }',
  },
  get_nodes_of_type: { doc: 'All nodes of a type.', example: '{ get_nodes_of_type: type }' },
  get_artifact: { entity: true, doc: 'Location of an artifact.', example: '{ get_artifact: [ node, artifact ] }' },
  concat: { doc: 'Joins texts.', example: "{ concat: [ 'http://', host ] }" },
  token: { doc: 'A part of a text that is split at a separator.', example: "{ token: [ text, ':', 0 ] }" },
  join: { doc: 'Joins the texts of a list with a separator.', since: '1.2', example: "{ join: [ [ a, b ], ',' ] }" },
};

export interface FunctionCall {
  readonly name: string;
  readonly entry: Entry;
  readonly argument: Node | undefined;
  readonly node: Mapping;
}

/** A map with exactly one key that is a function's name. */
export function functionCall(node: Node | undefined): FunctionCall | undefined {
  if (node?.kind !== 'mapping' || node.entries.length !== 1) return undefined;
  const entry = entries(node)[0];
  if (entry === undefined) return undefined;
  const called = name(entry);
  if (called === 'token' && entry.value?.kind === 'scalar') return undefined; // a credential with nothing but its token
  return Object.hasOwn(functions, called) ? { name: called, entry, argument: entry.value, node } : undefined;
}
