// An import that brings nothing: of the file itself, or of what is imported already.
import { entryOf } from '../syntax/nodes.ts';
import { fix, removalOfItem } from './fix.ts';
import type { Rule } from './rule.ts';

export const uselessImport: Rule = {
  code: 'useless-import',
  severity: 'hint',
  of: 'file',
  check({ template: { imports, uri }, file }, report) {
    if (file === undefined) return;
    const list = entryOf(file.root, 'imports');
    const seen = new Set<string>();
    for (const { item, node, written, target, prefix = '' } of imports) {
      if (target.kind === 'invalid') continue;
      const key = `${prefix} ${target.kind === 'bundled' ? written : target.uri}`;
      const itself = target.kind === 'local' && target.uri === uri && prefix === '';
      if (itself || seen.has(key))
        report({
          at: node,
          message: itself ? 'The file imports itself: that brings nothing.' : 'This is imported already.',
          unnecessary: true,
          ...(list !== undefined && { fixes: [fix('Remove this import', removalOfItem(item, list, file.root))] }),
        });
      seen.add(key);
    }
  },
};
