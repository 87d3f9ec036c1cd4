// Names of Marathon nodes: the node's name becomes the app's id.
// Sources: indigo-dc/orchestrator MarathonServiceImpl (the pattern), alien4cloud TopologyUtils (the renaming before it).
import { marathonAppType } from '../types/indigo.ts';
import type { Rule } from './rule.ts';

/** A path segment of a Marathon id. */
export const marathonSegment = /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;

export const marathonAppName: Rule = {
  code: 'marathon-app-name',
  severity: 'error',
  check({ node }, report) {
    if (node === undefined || node.typeName !== marathonAppType || /^[a-z0-9]+$/.test(node.name)) return;
    const { name, entry } = node;
    if (!marathonSegment.test(name)) {
      const message = `Marathon refuses the name "${name}": write lower-case letters and digits only.`;
      report({ at: entry.key, message });
      return;
    }
    const renamed = name.replace(/\W/g, '_');
    report({
      at: entry.key,
      severity: 'warning',
      message: `The Orchestrator renames this node to "${renamed}", which Marathon then refuses: write lower-case letters and digits only.`,
    });
  },
};
