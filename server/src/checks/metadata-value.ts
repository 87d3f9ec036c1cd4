// Metadata of the file that is more than a text: INDIGO's parser takes scalars only (SYNTAX_ERROR).
import { entries, get, name } from '../syntax/nodes.ts';
import { fix, quoted, replace } from './fix.ts';
import type { Rule } from './rule.ts';

export const metadataValue: Rule = {
  code: 'metadata-value',
  severity: 'error',
  of: 'file',
  check({ template, file }, report) {
    if (file === undefined || template.dialect !== 'orchestrator') return;
    for (const entry of entries(get(file.root, 'metadata'))) {
      const { value } = entry;
      if (value === undefined || value.kind === 'scalar' || value.kind === 'alias') continue;
      const flow = value.flow && !value.section.text.slice(value.start, value.end).includes('\n');
      report({
        at: value,
        message: `The Orchestrator refuses metadata that is ${value.kind === 'mapping' ? 'a map' : 'a list'}: "${name(entry)}" must be one text.`,
        ...(flow && { fixes: [fix('Put it in quotes', replace(value, quoted(value)))] }),
      });
    }
  },
};
