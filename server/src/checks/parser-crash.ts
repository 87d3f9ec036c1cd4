// Shapes that the Orchestrator's parser does not survive: the answer is HTTP 500 with a text that helps nobody.
// Source: indigo-dc/alien4cloud (ToscaParser), indigo-dc/orchestrator ToscaServiceImpl.

import { typeKeynames } from '../grammar/keynames.ts';
import { entryOf, get, type Mapping, name } from '../syntax/nodes.ts';
import { fix, removal } from './fix.ts';
import type { Finding, Rule } from './rule.ts';

const crash = 'The Orchestrator fails with HTTP 500';

export const parserCrash: Rule = {
  code: 'parser-crash',
  severity: 'error',
  check({ template, file, node, output, path, entry }, report) {
    if (template.dialect !== 'orchestrator') return;
    if (file !== undefined) withoutNodes(file.root, report);
    if (output?.entry.value?.kind === 'mapping') moreThanValue(output.entry.value, report);
    for (const { entry: requirement } of node?.requirements ?? []) {
      if (requirement.value?.kind === 'mapping' && get(requirement.value, 'node') === undefined)
        report({
          at: requirement.key,
          message: `${crash} at a requirement without \`node\`: name the node template, \`- ${name(requirement)}: <node>\`.`,
        });
      else if (requirement.value === undefined)
        report({ at: requirement.key, message: `${crash} at a requirement without a target: name a node template.` });
    }
    if (path[0] === 'topology_template' && path[1] === 'groups' && entry?.value?.kind === 'mapping') {
      if (get(entry.value, 'members') === undefined)
        report({ at: entry.key, message: `${crash} at a group without \`members\`: list its node templates.` });
    }
  },
};

type Report = (finding: Finding) => void;

function withoutNodes(root: Mapping, report: Report): void {
  const isLibrary = Object.values(typeKeynames).some(key => entryOf(root, key) !== undefined);
  const topology = entryOf(root, 'topology_template');
  if (topology === undefined) {
    const at = entryOf(root, 'tosca_definitions_version')?.key;
    if (!isLibrary && at !== undefined && root.entries.length > 1)
      report({ at, message: `${crash} at a template without \`topology_template\`.` });
    return;
  }
  const nodes = entryOf(topology.value, 'node_templates');
  if (topology.value !== undefined && nodes?.value === undefined) {
    const what = nodes === undefined ? 'without `node_templates`' : 'with nothing under `node_templates`';
    report({ at: nodes?.key ?? topology.key, message: `${crash} at a template ${what}.` });
  }
}

function moreThanValue(output: Mapping, report: Report): void {
  for (const entry of output.entries) {
    if (name(entry) === 'value' || entry.merged === true) continue;
    report({
      at: entry.key,
      message: `${crash} at an output that has anything but \`value\`: take \`${name(entry)}\` away, or make it a comment.`,
      fixes: [fix(`Remove "${name(entry)}"`, removal(entry, output))],
    });
  }
}
