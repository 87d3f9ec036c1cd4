// A path as an import: the Orchestrator gets only the text of the template, and no file beside it.
// Source: indigo-dc/orchestrator, "Invalid import url for remote TOSCA dependency"; indigo-dc/alien4cloud fetches each import by its URL.
import { entries, entryOf, get, name } from '../syntax/nodes.ts';
import { indigoAddress, isWebAddress } from '../workspace/imports.ts';
import { change } from './fix.ts';
import type { Rule } from './rule.ts';

export const unreachableImport: Rule = {
  code: 'unreachable-import',
  severity: 'error',
  of: 'file',
  check({ template: { imports, dialect }, file }, report) {
    if (file === undefined || dialect !== 'orchestrator') return;
    if (entryOf(file.root, 'topology_template') === undefined) return; // a file of types is not what is sent
    for (const { form, node, written, target, repository, file: read } of imports) {
      if (target.kind !== 'local' || read === undefined || isWebAddress(written)) continue;
      if (form === 'named-extended' || repository !== undefined) continue; // refused as such
      const isIndigo = entries(get(read.document.root, 'node_types')).some(entry =>
        name(entry).startsWith('tosca.nodes.indigo.'),
      );
      report({
        at: node,
        message: `The Orchestrator gets only the text of the template, and cannot fetch \`${written}\`: import it by a URL.`,
        ...(isIndigo && { fixes: [change(node, indigoAddress)] }),
      });
    }
  },
};
