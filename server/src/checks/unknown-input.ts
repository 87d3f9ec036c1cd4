// `get_input` of an input that is not declared.
import { items, name, text, valueAt } from '../syntax/nodes.ts';
import type { Part } from '../template/part.ts';
import type { Template } from '../template/template.ts';
import { type Edit, type Fix, setIn } from './fix.ts';
import { nearest, suggest } from './nearest.ts';
import type { Rule } from './rule.ts';

export const unknownInput: Rule = {
  code: 'unknown-input',
  severity: 'error',
  of: 'calls',
  check(part, report) {
    const { calls, template, typeKind } = part;
    if (typeKind !== undefined) return; // the inputs are those of the templates that use the type
    for (const call of calls) {
      if (call.name !== 'get_input') continue;
      const at = call.argument?.kind === 'sequence' ? items(call.argument)[0] : call.argument;
      const wanted = text(at);
      if (at === undefined || wanted === undefined || template.inputs.has(wanted)) continue;
      const { text: hint, fixes } = suggest(at, nearest(wanted, template.inputs.keys()));
      const type = wantedType(part, call.node.section, call.node.start);
      report({ at, message: `There is no input "${wanted}".${hint}`, fixes: [...fixes, declare(wanted, type)] });
    }
  },
};

/** The type of the property that is a call as a whole. */
function wantedType({ assignments }: Part, section: unknown, start: number): string {
  for (const { values, properties } of assignments) {
    const entry = values?.entries.find(({ value }) => value?.section === section && value?.start === start);
    const type = entry && properties.get(name(entry))?.schema.type;
    if (type !== undefined) return type;
  }
  return 'string';
}

function declare(wanted: string, type: string): Fix {
  const line = `${wanted}: { type: ${type} }`;
  return {
    title: `Declare the input "${wanted}"`,
    edits: ({ document }: Template): readonly Edit[] => {
      const topology = valueAt(document.root, 'topology_template');
      const edit = topology?.kind === 'mapping' ? setIn(topology, ['inputs'], [line]) : undefined;
      return edit === undefined ? [] : [edit];
    },
  };
}
