// Names of Marathon nodes: the node's name becomes the app's id.
// Sources: indigo-dc/orchestrator MarathonServiceImpl (the pattern), alien4cloud TopologyUtils (the renaming before it).
import { isSafeAppName, marathonSegment, parsedName, safeAppName } from '../mesos/names.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import { namings } from '../template/uses.ts';
import { marathonAppType } from '../types/indigo.ts';
import { type Fix, replace } from './fix.ts';
import type { Rule } from './rule.ts';

export const marathonAppName: Rule = {
  code: 'marathon-app-name',
  severity: 'error',
  of: 'node',
  check({ node, template }, report) {
    if (node === undefined || node.typeName !== marathonAppType || isSafeAppName(node.name)) return;
    const { name, entry } = node;
    let better = safeAppName(name);
    for (let count = 2; template.nodes.has(better); count++) better = `${safeAppName(name)}${count}`;
    const fixes = [rename(node, better)];
    if (!marathonSegment.test(name)) {
      const message = `Marathon refuses the name "${name}": write lower-case letters and digits only.`;
      report({ at: entry.key, message, fixes });
      return;
    }
    report({
      at: entry.key,
      severity: 'warning',
      message: `The Orchestrator renames this node to "${parsedName(name)}", which Marathon then refuses: write lower-case letters and digits only.`,
      fixes,
    });
  },
};

function rename({ name, entry }: NodeTemplate, better: string): Fix {
  return {
    title: `Rename to "${better}", with all that names it`,
    edits: (template: Template) => [entry.key, ...namings(template, name)].map(at => replace(at, better)),
  };
}
