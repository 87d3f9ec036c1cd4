// get_attribute or get_property of something that the node does not have: the value is never there.
import { items, text } from '../syntax/nodes.ts';
import { destination, into } from '../template/paths.ts';
import { placeOf } from '../template/places.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownAttribute: Rule = {
  code: 'unknown-attribute',
  severity: 'error',
  of: 'calls',
  check(part, report) {
    const { template, calls, typeKind } = part;
    for (const call of calls) {
      const place = placeOf(part, call);
      let found: ReturnType<typeof destination>;
      if (call.name === 'get_attribute' || call.name === 'get_property') found = destination(template, call, place);
      else if (
        call.name === 'get_input' &&
        typeKind === undefined &&
        template.dialect === 'strict' &&
        template.version === '1.3'
      ) {
        const [first, ...rest] = items(call.argument);
        const input = template.inputs.get(text(first) ?? '');
        if (input !== undefined) found = into(template.catalog, input.schema, rest);
      }
      if (found?.kind !== 'wrong') continue;
      const { at, message, candidates, owner, inside } = found;
      const { text: hint, fixes } = suggest(at, nearest(text(at) ?? '', candidates));
      // a derived type may have it; a value that is declared as a text may be more at run time
      const doubtful = typeKind !== undefined || (inside === true && template.dialect === 'orchestrator');
      report({
        at,
        message: message + hint,
        fixes,
        ...(doubtful && { severity: 'warning' }),
        ...(owner && { related: { at: owner.type, message: `${owner.type.name} is declared here.` } }),
      });
    }
  },
};
