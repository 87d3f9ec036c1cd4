// Passwords, tokens and the like as plain text: a template is shared, stored by the Orchestrator, and shown by it to a whole organisation.
// Source: indigo-dc/orchestrator: GET /deployments/{id}/template answers with the text as it was submitted.
import { functionCall } from '../grammar/functions.ts';
import { type Entry, entries, entryOf, get, items, type Node, name } from '../syntax/nodes.ts';
import { literal } from '../template/literal.ts';
import { isSecretName } from '../template/secrets.ts';
import type { Template, TemplateView } from '../template/template.ts';
import { type Edit, type Fix, fix, removal, replace, setIn } from './fix.ts';
import type { Rule } from './rule.ts';

export const plainSecret: Rule = {
  code: 'plain-secret',
  severity: 'warning',
  check({ template, input, assignments }, report) {
    if (input !== undefined && isSecretName(input.name) && input.default !== undefined) {
      const entry = entryOf(input.entry.value, 'default');
      if (isPlain(input.default, input.name, template)) {
        report({
          at: input.default,
          message: `The default of "${input.name}" is a secret in plain text: whoever may read the template knows it. Leave it out, so that each user gives one.`,
          ...(entry && { fixes: [fix('Remove the default', removal(entry))] }),
        });
      }
    }
    for (const { values } of assignments) for (const each of entries(values)) visit(each, false);

    function visit(entry: Entry, isSecret: boolean): void {
      const secret = isSecret || isSecretName(name(entry));
      const { value } = entry;
      if (value === undefined || functionCall(value) !== undefined) return;
      if (value.kind === 'mapping') {
        const all = name(entry) === 'secrets';
        for (const each of value.entries) visit(each, all);
      } else if (value.kind === 'sequence') {
        for (const each of items(value).flatMap(entries)) visit(each, false);
      } else if (secret && isPlain(value, name(entry), template)) {
        report({
          at: value,
          message: `"${name(entry)}" is a secret in plain text: whoever may read the template knows it. Take it from an input.`,
          fixes: [toInput(value, name(entry))],
        });
      }
    }
  },
};

/** Not what is empty, a switch, a path or an address, a variable that a shell fills, or its own name as a placeholder. */
function isPlain(node: Node, called: string, template: TemplateView): boolean {
  const written = literal(node, template);
  return (
    written !== undefined &&
    written !== '' &&
    written !== called &&
    !/^(true|false|yes|no|none|null|~|\d)$|^[$/]|^\w+:\/\//i.test(written)
  );
}

function toInput(value: Node, wanted: string): Fix {
  const base = wanted.toLowerCase().replace(/\W/g, '_');
  return {
    title: 'Take it from an input',
    edits(template: Template): readonly Edit[] {
      let input = base;
      for (let count = 2; template.inputs.has(input); count++) input = `${base}_${count}`;
      const topology = get(template.document.root, 'topology_template');
      const declared =
        topology?.kind === 'mapping' ? setIn(topology, ['inputs'], [`${input}:`, '  type: string']) : undefined;
      return declared === undefined ? [] : [declared, replace(value, `{ get_input: ${input} }`)];
    },
  };
}
