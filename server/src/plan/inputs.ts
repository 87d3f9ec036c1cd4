// The inputs of a template: how a form shows them, what a text means as their value, and what they are worth in a plan.
import { parse as parseYaml } from 'yaml';
import type { Json, TemplateInput } from '../../../protocol/src/plan.ts';
import { compose } from '../syntax/compose.ts';
import type { Node } from '../syntax/nodes.ts';
import { Section } from '../syntax/section.ts';
import { valueContext } from '../template/part.ts';
import { mayBeSecret } from '../template/secrets.ts';
import type { Template } from '../template/template.ts';
import { describe, validValues } from '../types/constraints.ts';
import type { PropertyDefinition, Schema } from '../types/definitions.ts';
import { checkValue } from '../types/values.ts';
import { evaluate } from './evaluate.ts';
import { openReport, type Report } from './report.ts';

export function templateInputs(template: Template): readonly TemplateInput[] {
  return [...template.inputs.values()].map(input => {
    const { schema, description } = input;
    const valid = schema.constraints.find(({ operator }) => operator === 'valid_values');
    const value = defaultValue(template, input);
    return {
      name: input.name,
      type: schema.type,
      ...(schema.entry !== undefined && { entryType: schema.entry.type }),
      ...(description !== undefined && { description: description.trim() }),
      required: input.required,
      ...(value !== undefined && { default: value }),
      constraints: schema.constraints.flatMap(constraint => describe(constraint) ?? []),
      ...(valid !== undefined && { choices: validValues(valid) }),
      secret: mayBeSecret(input.name),
    };
  });
}

function defaultValue(template: Template, input: PropertyDefinition): Json | undefined {
  if (input.default === undefined) return undefined;
  return evaluate(input.default, {
    template,
    inputs: new Map(),
    report: openReport().report,
    release: template.release,
    self: undefined,
  });
}

const isCollection = (template: Template, { type }: Schema) =>
  type === 'list' ||
  type === 'map' ||
  type === 'range' ||
  (template.catalog.find('data', type)?.primitive === undefined && template.catalog.find('data', type) !== undefined);

/** A text as a user types it, held against an input: null when it is good, else one sentence. */
export function checkInput(template: Template, name: string, written: string): string | null {
  const input = template.inputs.get(name);
  if (input === undefined) return `The template has no input "${name}".`;
  const section = new Section(written, { offset: 0, line: 0 }, compose);
  if (isCollection(template, input.schema)) {
    const [unreadable] = section.composed.problems;
    if (unreadable !== undefined) return `This is no YAML: ${unreadable.message}`;
  }
  const node: Node = isCollection(template, input.schema)
    ? collection(section)
    : { kind: 'scalar', value: written.trim(), style: 'plain', section, start: 0, end: written.length };
  const problem = checkValue(node, input.schema, valueContext(template)).find(({ kind }) => kind !== 'unquoted-text');
  if (problem === undefined || problem.kind === 'unquoted-text') return null; // what a user gives is a text
  switch (problem.kind) {
    case 'unknown-property':
      return `"${problem.name}" is no member of ${problem.owner.name}.`;
    case 'missing-property':
      return `"${problem.missing.name}" is missing.`;
    default:
      return problem.message.replaceAll('`', '"'); // a form shows no Markdown
  }
}

function collection(section: Section): Node {
  const { other, entries } = section.composed;
  return other ?? { kind: 'mapping', flow: false, entries, section, start: 0, end: section.text.length };
}

/** The values of all inputs: what the user gives, else the default. What is missing or wrong is reported where the input is declared. */
export function inputValues(
  template: Template,
  given: Readonly<Record<string, Json>>,
  report: Report,
): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  for (const input of template.inputs.values()) {
    const user = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    if (user !== undefined && user !== null) {
      const value = typeof user === 'string' && isCollection(template, input.schema) ? parsed(user) : user;
      const problem = checkInput(template, input.name, typeof value === 'string' ? value : JSON.stringify(value));
      if (problem !== null) {
        const shown = mayBeSecret(input.name) ? 'its value does not fit its type or constraints.' : problem;
        report('input-value', input.entry.key, `Input "${input.name}": ${shown}`);
      }
      values.set(input.name, value);
      continue;
    }
    const value = user === null && input.required ? undefined : defaultValue(template, input);
    if (value !== undefined) values.set(input.name, value);
    else if (input.required)
      report(
        'missing-input',
        input.entry.key,
        `The input "${input.name}" is required and has neither a value nor a default.`,
      );
  }
  for (const name of Object.keys(given)) {
    if (!template.inputs.has(name))
      report(
        'unknown-input',
        template.document.root,
        `The template has no input "${name}": its value is not used.`,
        'warning',
      );
  }
  return values;
}

function parsed(written: string): Json {
  try {
    return parseYaml(written, { schema: 'failsafe' }) as Json;
  } catch {
    return written;
  }
}
