// Asks for one input: its type, description and constraints in sight, its value checked as it is typed.
import type { TemplateInput } from '../../../protocol/src/plan.ts';
import type { Ask } from '../language/server.ts';
import { askChoice, askText, type Outcome, type Place } from './ask.ts';
import { hint, mayBeEmpty, withoutValue } from './inputs.ts';

export async function askInput(
  place: Place,
  uri: string,
  input: TemplateInput,
  value: string,
  ask: Ask,
): Promise<Outcome<string>> {
  const own = { ...place, title: `${place.title}: ${input.name}` };
  if (input.choices !== undefined) {
    const items = input.choices.map(label => ({ label }));
    const active = items.find(({ label }) => label === value);
    const outcome = await askChoice(own, { placeholder: hint(input), items, active });
    return typeof outcome === 'string' ? outcome : { value: outcome.value.label };
  }
  if (input.type === 'boolean') {
    const items = ['true', 'false'].map(label => ({ label }));
    const active = items.find(({ label }) => label === value);
    const outcome = await askChoice(own, { placeholder: hint(input), items, active });
    return typeof outcome === 'string' ? outcome : { value: outcome.value.label };
  }
  return askText(own, {
    prompt: hint(input),
    value,
    password: input.secret,
    check: async text => {
      if (text === '' && mayBeEmpty(input)) return null;
      const problem = await ask('tosca/checkInput', { uri, name: input.name, value: text });
      return problem !== null && input.secret ? withoutValue(problem, text) : problem;
    },
  });
}
