// Arguments that a function does not take: too few, too many, of another shape.
import { items } from '../syntax/nodes.ts';
import { placeOf } from '../template/places.ts';
import { change } from './fix.ts';
import { argumentProblems } from './function-forms.ts';
import type { Rule } from './rule.ts';

export const functionArgument: Rule = {
  code: 'function-argument',
  severity: 'error',
  of: 'calls',
  check(part, report) {
    const { dialect, version } = part.template;
    for (const call of part.calls) {
      for (const problem of argumentProblems(call, dialect, version)) report(problem);
      const { argument } = call;
      const [only, more] = items(argument);
      if (argument === undefined || dialect !== 'orchestrator' || call.name !== 'get_input') continue;
      if (only?.kind === 'scalar' && more === undefined && placeOf(part, call).kind === 'artifact file')
        report({
          at: argument,
          message: 'The Orchestrator takes no list here: write `{ get_input: name }`.',
          fixes: [change(argument, only.value)],
        });
    }
  },
};
