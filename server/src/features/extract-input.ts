// Refactoring: a value in a node template becomes the default of a new input, and `get_input` takes its place.
import { type CodeAction, CodeActionKind } from 'vscode-languageserver-types';
import { flowText, replace, setIn } from '../checks/fix.ts';
import { functions } from '../grammar/functions.ts';
import { get, name, rawText } from '../syntax/nodes.ts';
import type { Position } from '../syntax/section.ts';
import type { Template } from '../template/template.ts';
import { textEdit } from './code-actions.ts';
import { expectedAt, propertiesAt } from './expected.ts';
import { grammarPlace, isOnKey, locate, type Step } from './locate.ts';

export function extractInput(template: Template, position: Position): CodeAction[] {
  const { document, inputs, catalog } = template;
  const { steps, node } = locate(document, document.offsetAt(position));
  if (node?.kind !== 'scalar' || node.style === 'block' || isOnKey(steps.at(-1)) || withinFunction(steps)) return [];
  const place = grammarPlace(steps);
  const [topology, section] = place.path;
  if (topology !== 'topology_template' || section !== 'node_templates' || place.shape !== 'values') return [];
  const properties = propertiesAt(template, document.root, place.path);
  const expected = properties && expectedAt(properties, place.rest, catalog);
  if (expected?.kind !== 'value') return [];
  const key = steps.findLast(step => 'entry' in step);
  if (key === undefined || !('entry' in key)) return [];
  const called = freeName(name(key.entry), new Set(inputs.keys()));
  const holder = get(document.root, 'topology_template');
  const declared = get(holder, 'inputs');
  const isFlow = declared?.kind === 'mapping' && declared.flow;
  const written = isFlow || rawText(node).includes('\n') ? flowText(node) : rawText(node);
  const [type, value] = [`type: ${expected.schema.type}`, `default: ${written}`];
  const lines = isFlow ? [`${called}: { ${type}, ${value} }`] : [`${called}:`, `  ${type}`, `  ${value}`];
  const put = holder?.kind === 'mapping' ? setIn(holder, ['inputs'], lines) : undefined;
  if (put === undefined) return [];
  const edits = [replace(node, `{ get_input: ${called} }`), put].map(edit => textEdit(template, edit));
  return [
    {
      title: `Extract to an input "${called}"`,
      kind: CodeActionKind.RefactorExtract,
      edit: { changes: { [template.uri]: edits } },
    },
  ];
}

function withinFunction(steps: readonly Step[]): boolean {
  return steps.some(step => 'entry' in step && Object.hasOwn(functions, name(step.entry)));
}

/** Letters, digits and underscores, as INDIGO's Orchestrator wants them. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.replace(/\W+/g, '_').toLowerCase() || 'value';
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
