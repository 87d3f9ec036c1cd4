// A text with `|` where the cursor is -> the template and the position, for tests of what an editor asks.
import { openWorkspace, type Template } from '../../../server/src/index.ts';

export const header = `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - indigo_custom_types: https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml
`;

const uri = 'file:///template.yaml';

export function atCursor(marked: string): {
  readonly template: Template;
  readonly position: { readonly line: number; readonly character: number };
} {
  const before = marked.slice(0, marked.indexOf('|'));
  const source = before + marked.slice(marked.indexOf('|') + 1);
  const template = openWorkspace(wanted => (wanted === uri ? source : undefined)).template(uri);
  if ('problem' in template) throw new Error(template.problem);
  const lines = before.split('\n');
  return { template, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
}
