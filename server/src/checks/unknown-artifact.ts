// get_artifact of an artifact that neither the node template nor its type has.
import { items, name, text } from '../syntax/nodes.ts';
import { entityOf } from '../template/entities.ts';
import { placeOf } from '../template/places.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownArtifact: Rule = {
  code: 'unknown-artifact',
  severity: 'error',
  of: 'calls',
  check(part, report) {
    for (const call of part.calls) {
      if (call.name !== 'get_artifact') continue;
      const [first, second] = items(call.argument);
      const entity = entityOf(part.template, text(first) ?? '', placeOf(part, call));
      const wanted = text(second);
      if (entity === undefined || second === undefined || wanted === undefined) continue;
      const known = [...entity.type.artifacts.keys(), ...(entity.node?.artifacts ?? []).map(name)];
      if (known.includes(wanted)) continue;
      const { text: hint, fixes } = suggest(second, nearest(wanted, known));
      report({
        at: second,
        message: `${entity.owner} has no artifact "${wanted}".${hint}`,
        fixes,
        ...(part.typeKind !== undefined && { severity: 'warning' }),
      });
    }
  },
};
