// A type that derives from itself, at once or by way of others.
import { get } from '../syntax/nodes.ts';
import type { Rule } from './rule.ts';

export const circularType: Rule = {
  code: 'circular-type',
  severity: 'error',
  of: 'typeKind',
  check({ entry, typeKind, path, template: { catalog } }, report) {
    const own = path.at(-1) ?? '';
    const at = get(entry?.value, 'derived_from');
    if (typeKind === undefined || at === undefined || catalog.find(typeKind, own)?.circular !== true) return;
    report({ at, message: `"${own}" derives from itself: nobody can say what it has. Derive it from another type.` });
  },
};
