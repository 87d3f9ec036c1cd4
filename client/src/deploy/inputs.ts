// What is asked before a deployment, and what is remembered of the answers. No editor here; the questions are put by ask.ts.
import type { Json, TemplateInput } from '../../../protocol/src/plan.ts';
import { plain } from '../plan/describe.ts';

/** Texts by input name. */
export type Answers = Readonly<Record<string, string>>;

/** Inputs that have no value of their own: those are always asked for. */
export const lackingValue = (inputs: readonly TemplateInput[]): readonly TemplateInput[] =>
  inputs.filter(input => input.default === undefined);

/** Inputs with a default: those can be changed. */
export const withDefault = (inputs: readonly TemplateInput[]): readonly TemplateInput[] =>
  inputs.filter(input => input.default !== undefined);

/** What stands in the box at first: the last answer, unless it is secret or no longer one of the choices. */
export function proposed(input: TemplateInput, remembered: Answers): string {
  const before = Object.hasOwn(remembered, input.name) ? remembered[input.name] : undefined;
  if (before !== undefined && !input.secret && (input.choices === undefined || input.choices.includes(before)))
    return before;
  return input.default === undefined || input.secret ? '' : plain(input.default);
}

/** What the inputs with a default were changed to the last time. */
export const lastAnswers = (inputs: readonly TemplateInput[], remembered: Answers): Record<string, string> =>
  Object.fromEntries(
    withDefault(inputs)
      .filter(({ name, secret }) => !secret && Object.hasOwn(remembered, name))
      .map(input => [input.name, proposed(input, remembered)]),
  );

/** What a plan is asked with: an empty answer to an input that needs none leaves the input out. */
export function valuesOf(inputs: readonly TemplateInput[], answers: Answers): Readonly<Record<string, Json>> {
  const given = inputs.flatMap(input => {
    const answer = Object.hasOwn(answers, input.name) ? answers[input.name] : undefined;
    if (answer === undefined || (answer === '' && mayBeEmpty(input))) return [];
    return input.default !== undefined && answer === plain(input.default) ? [] : [[input.name, answer] as const];
  });
  return Object.fromEntries(given);
}

/** An optional input without a default: leaving it empty means that it has no value. */
export const mayBeEmpty = (input: TemplateInput): boolean => !input.required && input.default === undefined;

/** What is kept for the next time: no secrets, and nothing of inputs that the template no longer has. */
export function remember(inputs: readonly TemplateInput[], answers: Answers): Answers {
  const kept = inputs.filter(({ name, secret }) => !secret && Object.hasOwn(answers, name));
  return Object.fromEntries(kept.map(({ name }) => [name, answers[name] ?? '']));
}

/** The line under the box: type, what it is for, what is allowed. */
export function hint(input: TemplateInput): string {
  const type = input.entryType === undefined ? input.type : `${input.type} of ${input.entryType}`;
  const rules = input.constraints.length === 0 ? '' : `, ${input.constraints.join(', ')}`;
  const description =
    input.description === undefined ? '' : `${input.description.replace(/\s+/g, ' ').trim().replace(/[.]?$/, '.')} `;
  const optional = mayBeEmpty(input) ? ' May be left empty.' : '';
  const shape = /^(list|map)$/.test(input.type)
    ? ` Written as YAML, for example ${input.type === 'list' ? '[a, b]' : '{a: b}'}.`
    : '';
  return `${description}(${type}${rules})${shape}${optional}`;
}

/** What is wrong with a secret, without the secret. */
export function withoutValue(problem: string, value: string): string {
  const told = problem.replaceAll(`\`${value.trim()}\``, 'The value');
  return value.trim() !== '' && told.includes(value.trim())
    ? 'The value does not fit the type or the constraints.'
    : told;
}
