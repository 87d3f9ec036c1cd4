// The version of TOSCA behind other keys. INDIGO's parser warns of it; the standard wants it first.
import { entryOf } from '../syntax/nodes.ts';
import { above, fix, linesOf, removal } from './fix.ts';
import type { Rule } from './rule.ts';

export const lateVersion: Rule = {
  code: 'late-version',
  severity: 'warning',
  of: 'file',
  check({ file }, report) {
    const entry = entryOf(file?.root, 'tosca_definitions_version');
    const [first] = file?.root.entries ?? [];
    if (file === undefined || entry === undefined || first === undefined || entry === first) return;
    const put = file.root.flow ? undefined : above(first, linesOf(entry));
    report({
      at: entry.key,
      message: '`tosca_definitions_version` belongs on the first line: a reader decides by it how to read the rest.',
      ...(put && { fixes: [fix('Move it to the top', removal(entry), put)] }),
    });
  },
};
