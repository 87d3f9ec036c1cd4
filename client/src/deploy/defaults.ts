// The step that offers the inputs with a default, together: most users go on, some change a few.
import type { QuickPickItem } from 'vscode';
import type { TemplateInput } from '../../../protocol/src/plan.ts';
import type { Ask } from '../language/server.ts';
import { plain } from '../plan/describe.ts';
import { askChoice, type Step } from './ask.ts';
import { askInput } from './ask-input.ts';
import type { Answers } from './inputs.ts';

type Item = QuickPickItem & { readonly chosen: 'go' | 'change' | TemplateInput };

/** @param answers What was changed so far; changes are written there. */
export function defaultsStep(
  uri: string,
  inputs: readonly TemplateInput[],
  answers: Record<string, string>,
  ask: Ask,
): Step {
  return async place => {
    let changing = false;
    for (;;) {
      const items = changing
        ? [goItem(inputs, answers), ...inputs.map(input => inputItem(input, answers))]
        : [goItem(inputs, answers), changeItem(inputs, answers)];
      const placeholder = changing ? 'Change which value?' : 'The other inputs have default values.';
      const outcome = await askChoice<Item>(place, { placeholder, items });
      if (outcome === 'back' && changing) {
        changing = false;
        continue;
      }
      if (typeof outcome === 'string') return outcome;
      const { chosen } = outcome.value;
      if (chosen === 'go') return 'next';
      changing = true;
      if (chosen === 'change') continue;
      const answer = await askInput(place, uri, chosen, chosen.secret ? '' : current(chosen, answers), ask);
      if (answer === 'cancelled') return answer;
      if (answer !== 'back') answers[chosen.name] = answer.value;
    }
  };
}

const current = (input: TemplateInput, answers: Answers) => answers[input.name] ?? plain(input.default ?? '');

const isChanged = (input: TemplateInput, answers: Answers) =>
  answers[input.name] !== undefined && answers[input.name] !== plain(input.default ?? '');

const shown = (input: TemplateInput, answers: Answers) =>
  input.secret ? '(not shown)' : current(input, answers) || '(empty)';

function goItem(inputs: readonly TemplateInput[], answers: Answers): Item {
  const changed = inputs.filter(input => isChanged(input, answers)).length;
  const description =
    changed === 0 ? 'with the default values' : `with ${changed} of ${inputs.length} default values changed`;
  return { label: '$(arrow-right) Continue', description, chosen: 'go' };
}

function changeItem(inputs: readonly TemplateInput[], answers: Answers): Item {
  const detail = inputs.map(input => `${input.name}: ${shown(input, answers)}`).join(', ');
  return { label: '$(edit) Change the Defaults…', detail, chosen: 'change' };
}

function inputItem(input: TemplateInput, answers: Answers): Item {
  const description = `${shown(input, answers)}${isChanged(input, answers) ? ' (changed)' : ''}`;
  const detail = input.description?.replace(/\s+/g, ' ').trim();
  return { label: input.name, description, ...(detail === undefined ? {} : { detail }), chosen: input };
}
