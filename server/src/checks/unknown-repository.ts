// An artifact of a repository that is not declared. INDIGO's parser: UNKNOWN_REPOSITORY.
import { get, text } from '../syntax/nodes.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownRepository: Rule = {
  code: 'unknown-repository',
  severity: 'error',
  of: 'node',
  check({ template: { repositories }, node }, report) {
    for (const artifact of node?.artifacts ?? []) {
      const at = get(artifact.value, 'repository');
      const wanted = text(at);
      if (at === undefined || wanted === undefined || repositories.has(wanted)) continue;
      const { text: hint, fixes } = suggest(at, nearest(wanted, repositories.keys()));
      report({ at, message: `There is no repository "${wanted}": declare it under \`repositories\`.${hint}`, fixes });
    }
  },
};
