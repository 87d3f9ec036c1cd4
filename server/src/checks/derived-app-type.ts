// Node types that derive from INDIGO's app or job: the Orchestrator compares names, so they are nothing to it.
// Source: indigo-dc/orchestrator ToscaServiceImpl.isSubTypeOf.

import { get } from '../syntax/nodes.ts';
import { chronosJobType, marathonAppType } from '../types/indigo.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const derivedAppType: Rule = {
  code: 'derived-app-type',
  severity: 'warning',
  of: 'node',
  check({ template, node }, report) {
    if (node?.type === undefined || template.dialect !== 'orchestrator') return;
    const base = [marathonAppType, chronosJobType].find(
      each => each !== node.typeName && node.type?.ancestry.includes(each),
    );
    const at = get(node.entry.value, 'type');
    if (base === undefined || at === undefined) return;
    report({
      at,
      message: `The Orchestrator looks for ${base} by its name and does not see that ${node.typeName} derives from it: it makes no app or job of this node. Use ${base} itself.`,
      related: { at: node.type, message: 'It is declared here.' },
      fixes: [change(at, base)],
    });
  },
};
