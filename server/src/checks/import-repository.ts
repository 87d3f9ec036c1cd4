// An import from a repository that is not declared.
import { text } from '../syntax/nodes.ts';
import { fix, setIn } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const importRepository: Rule = {
  code: 'import-repository',
  severity: 'error',
  of: 'file',
  check({ template: { imports, repositories }, file }, report) {
    if (file === undefined) return;
    for (const { repository } of imports) {
      const wanted = text(repository);
      if (repository === undefined || wanted === undefined || repositories.has(wanted)) continue;
      const { text: hint, fixes } = suggest(repository, nearest(wanted, repositories.keys()));
      const declared = setIn(file.root, ['repositories'], [`${wanted}: https://`]);
      report({
        at: repository,
        message: `There is no repository "${wanted}": declare it under \`repositories\`, with its \`url\`.${hint}`,
        fixes: declared === undefined ? fixes : [...fixes, fix(`Declare "${wanted}"`, declared)],
      });
    }
  },
};
