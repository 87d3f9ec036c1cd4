// A name that should be a node template's and is none: in requirements, functions, groups, policies, workflows, and what is copied.
import { functions } from '../grammar/functions.ts';
import { type Entry, entries, get, items, type Node, text, valueAt } from '../syntax/nodes.ts';
import { specialNames } from '../template/entities.ts';
import type { Part } from '../template/part.ts';

import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownNode: Rule = {
  code: 'unknown-node',
  severity: 'error',
  check(part, report) {
    const { template, entry, file, path, node } = part;
    const { nodes, catalog, dialect, relationships, groups } = template;
    const [topology, section] = path;
    for (const { target } of node?.requirements ?? []) {
      const wanted = text(target);
      if (target === undefined || wanted === undefined || nodes.has(wanted)) continue;
      const isType = catalog.find('node', wanted) !== undefined;
      if (isType && dialect === 'strict') continue; // the orchestrator is free to choose a node of that type
      const hint = isType ? ' That is a type: the Orchestrator wants the name of a node template.' : '';
      tell(target, wanted, nodes.keys(), hint);
    }
    entities(part, (at, wanted) => tell(at, wanted, nodes.keys()));
    if (topology === 'topology_template' && section === 'groups') {
      for (const member of listed(get(entry?.value, 'members'))) {
        const wanted = text(member) ?? '';
        if (!nodes.has(wanted)) tell(member, wanted, nodes.keys());
      }
    }
    const copied = get(entry?.value, 'copy');
    const original = text(copied);
    if (copied !== undefined && original !== undefined && topology === 'topology_template') {
      const known =
        section === 'relationship_templates' ? relationships : section === 'node_templates' ? nodes : undefined;
      if (known !== undefined && !known.has(original)) {
        const { text: meant, fixes } = suggest(copied, nearest(original, known.keys()));
        const what = known === nodes ? 'node' : 'relationship';
        report({ at: copied, message: `There is no ${what} template "${original}" to copy.${meant}`, fixes });
      }
    }
    if (section === 'workflows') for (const target of workflowTargets(entry)) nodeOrGroup(target);
    for (const policy of items(valueAt(file?.root, 'topology_template', 'policies')).flatMap(entries)) {
      for (const target of listed(get(policy.value, 'targets'))) {
        const wanted = text(target) ?? '';
        const isGroup = groups.has(wanted);
        if (nodes.has(wanted) || (isGroup && dialect === 'strict')) continue;
        tell(target, wanted, nodes.keys(), isGroup ? ' The Orchestrator takes no groups here.' : '');
      }
      for (const trigger of entries(get(policy.value, 'triggers'))) {
        const target = valueAt(trigger.value, 'target_filter', 'node');
        if (target !== undefined && catalog.find('node', text(target) ?? '') === undefined) nodeOrGroup(target);
      }
    }

    function nodeOrGroup(at: Node): void {
      const wanted = text(at);
      if (wanted !== undefined && !nodes.has(wanted) && !groups.has(wanted))
        tell(at, wanted, [...nodes.keys(), ...groups.keys()]);
    }

    function tell(at: Node, wanted: string, known: Iterable<string>, hint = ''): void {
      const { text: meant, fixes } = suggest(at, nearest(wanted, known));
      report({ at, message: `There is no node template "${wanted}".${hint || meant}`, fixes });
    }
  },
};

const listed = (node: Node | undefined) => (node?.kind === 'scalar' ? [node] : items(node));

/** First arguments of functions that name neither a node nor a relationship template. */
function entities({ calls, template, typeKind }: Part, unknown: (at: Node, wanted: string) => void): void {
  if (typeKind !== undefined) return; // in a type, names are those of the templates that use it
  for (const call of calls) {
    if (functions[call.name]?.entity !== true) continue;
    const [first] = items(call.argument);
    const wanted = text(first);
    if (first === undefined || wanted === undefined || specialNames.has(wanted)) continue;
    if (!template.nodes.has(wanted) && !template.relationships.has(wanted)) unknown(first, wanted);
  }
}

function workflowTargets(workflow: Entry | undefined): readonly Node[] {
  const holders = [
    ...entries(get(workflow?.value, 'steps')).map(step => step.value),
    ...items(get(workflow?.value, 'preconditions')),
  ];
  return holders.flatMap(holder => get(holder, 'target') ?? []);
}
