// What a function gives, as a type: an input's, that of the property it names, a text.
import type { FunctionCall } from '../grammar/functions.ts';
import { items, text } from '../syntax/nodes.ts';
import type { Schema } from '../types/definitions.ts';
import type { Part } from './part.ts';
import { destination, into } from './paths.ts';
import { placeOf } from './places.ts';

const plain = (type: string, entry?: Schema): Schema => ({ type, entry, key: undefined, constraints: [] });

/** Undefined where nobody knows. */
export function resultOf(part: Part, call: FunctionCall): Schema | undefined {
  const { template } = part;
  switch (call.name) {
    case 'get_input': {
      if (part.typeKind !== undefined) return undefined;
      const [first, ...rest] = call.argument?.kind === 'sequence' ? items(call.argument) : [call.argument];
      const input = template.inputs.get(text(first) ?? '');
      if (input === undefined) return undefined;
      // production takes the first argument only
      const found = into(
        template.catalog,
        input.schema,
        template.dialect === 'orchestrator' ? [] : rest.flatMap(each => each ?? []),
      );
      return found.kind === 'value' ? found.schema : undefined;
    }
    case 'get_property':
    case 'get_attribute': {
      // what INDIGO's deployments fill in at run time is often not of the declared type, and their playbooks cope
      if (call.name === 'get_attribute' && template.dialect === 'orchestrator') return undefined;
      const found = destination(template, call, placeOf(part, call));
      return found?.kind === 'value' ? found.schema : undefined;
    }
    case 'concat':
    case 'token':
    case 'join':
    case 'get_artifact':
      return plain('string');
    case 'get_nodes_of_type':
      return plain('list');
    default:
      return undefined;
  }
}
