// A workflow that goes on with a step, or calls a workflow or an operation, that is not there.
import { type Entry, entries, get, items, type Node, name, text } from '../syntax/nodes.ts';
import { operationsOf } from '../template/interfaces.ts';
import type { TemplateView } from '../template/template.ts';
import { nearest, suggest } from './nearest.ts';
import type { Report, Rule } from './rule.ts';

export const unknownStep: Rule = {
  code: 'unknown-step',
  severity: 'error',
  check({ entry, path, template }, report) {
    if (entry === undefined || path[1] !== 'workflows') return;
    const steps = entries(get(entry.value, 'steps'));
    const names = new Set(steps.map(name));
    for (const step of steps) {
      for (const key of ['on_success', 'on_failure']) {
        const next = get(step.value, key);
        for (const each of next?.kind === 'sequence' ? next.items : next === undefined ? [] : [next]) {
          const wanted = text(each);
          if (wanted !== undefined && !names.has(wanted))
            tell(report, each, `There is no step "${wanted}" in this workflow`, names);
        }
      }
      for (const activity of items(get(step.value, 'activities')).flatMap(entries))
        called(template, activity, step, report);
    }
  },
};

function called(template: TemplateView, activity: Entry, step: Entry, report: Report): void {
  const kind = name(activity);
  const { value } = activity;
  const at = value?.kind === 'mapping' ? get(value, kind === 'call_operation' ? 'operation' : 'workflow') : value;
  const wanted = text(at);
  if (at === undefined || wanted === undefined) return;
  if (kind === 'inline' && !template.workflows.has(wanted))
    tell(report, at, `There is no workflow "${wanted}"`, template.workflows.keys());
  const type = template.nodes.get(text(get(step.value, 'target')) ?? '')?.type;
  if (kind !== 'call_operation' || type === undefined || get(step.value, 'target_relationship') !== undefined) return;
  const dot = wanted.lastIndexOf('.');
  if (dot === -1) {
    report({
      at,
      message: `"${wanted}" names no operation: write \`interface.operation\`, for example \`Standard.start\`.`,
    });
    return;
  }
  const [face, operation] = [wanted.slice(0, dot), wanted.slice(dot + 1)];
  const operations =
    operationsOf(template.catalog, type, face) ??
    operationsOf(template.catalog, type, face.slice(face.lastIndexOf('.') + 1));
  if (operations === undefined) tell(report, at, `${type.name} has no interface "${face}"`, []);
  else if (operations !== 'unknown' && !operations.has(operation))
    tell(
      report,
      at,
      `The interface "${face}" has no operation "${operation}"`,
      [...operations].map(each => `${face}.${each}`),
    );
}

function tell(report: Report, at: Node, message: string, known: Iterable<string>): void {
  const { text: hint, fixes } = suggest(at, nearest(text(at) ?? '', known));
  report({ at, message: `${message}.${hint}`, fixes });
}
