// A function where it may not stand, and names that mean something only in a relationship.
// Sources: TOSCA Simple Profile, intrinsic functions; for production, the functions that alien4cloud's parser takes in each place.
import { items, text } from '../syntax/nodes.ts';
import { type PlaceKind, placeOf } from '../template/places.ts';
import type { Dialect } from '../types/dialect.ts';
import type { Rule, Severity } from './rule.ts';

interface Misplaced {
  readonly severity: Severity;
  readonly message: string;
}

export const misplacedFunction: Rule = {
  code: 'misplaced-function',
  severity: 'error',
  of: 'calls',
  check(part, report) {
    const { template, path } = part;
    for (const call of part.calls) {
      const place = placeOf(part, call);
      const misplaced = of(call.name, place.kind, template.dialect);
      if (misplaced !== undefined) report({ at: call.entry.key, ...misplaced });
      const [first] = items(call.argument);
      const named = text(first);
      if (first === undefined || call.name === 'concat' || call.name === 'token' || call.name === 'get_input') continue;
      const inRelationship = place.requirement !== undefined || path[1] === 'relationship_templates';
      if ((named === 'SOURCE' || named === 'TARGET') && place.kind !== 'definition' && !inRelationship)
        report({
          at: first,
          message: `\`${named}\` means something only in a relationship: write the name of a node template.`,
        });
      if ((named === 'SELF' || named === 'HOST') && (place.kind === 'output' || place.kind === 'input default'))
        report({ at: first, message: `\`${named}\` means nothing here: write the name of a node template.` });
    }
  },
};

/** What places take in production, where another rule does not say so (unsupported-function). */
const production: Partial<Record<PlaceKind, ReadonlySet<string>>> = {
  'input default': new Set(['get_input', 'get_property', 'get_attribute', 'concat', 'token']),
  'artifact file': new Set(['get_input']),
};

/** Plain maps to production; another rule speaks of them. */
const notFunctions = new Set(['join', 'get_nodes_of_type']);

const runTimeOnly = new Set([
  'get_attribute',
  'get_operation_output',
  'get_artifact',
  'get_nodes_of_type',
  'get_property',
]);

function of(name: string, kind: PlaceKind, dialect: Dialect): Misplaced | undefined {
  if (dialect === 'orchestrator') {
    const taken = production[kind];
    if (taken === undefined || taken.has(name) || notFunctions.has(name)) return undefined;
    const where =
      kind === 'artifact file' ? 'in the file of an artifact' : kind === 'output' ? 'in an output' : 'in a property';
    return { severity: 'error', message: `The Orchestrator does not take \`${name}\` ${where}.` };
  }
  if (kind === 'input default' && runTimeOnly.has(name))
    return { severity: 'error', message: `A default is there before any node is: \`${name}\` cannot be one.` };
  if (name === 'get_artifact' && kind !== 'operation input' && kind !== 'definition' && kind !== 'elsewhere')
    return { severity: 'error', message: '`get_artifact` may stand only in the inputs of an operation.' };
  if (name === 'get_operation_output' && (kind === 'property' || kind === 'artifact file'))
    return {
      severity: 'error',
      message: '`get_operation_output` may stand only in the inputs of an operation and in outputs.',
    };
  if (name === 'get_attribute' && kind === 'property')
    return {
      severity: 'warning',
      message:
        'Attributes are there only at run time: `get_attribute` is meant for the inputs of operations and for outputs.',
    };
  return undefined;
}
