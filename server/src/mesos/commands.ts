// Commands that are refused, or taken for something else. Sources: marathon AppDefinition validation, mesos/chronos TaskUtils.
import type { Release } from '../../../protocol/src/plan.ts';
import { type Framework, type Problem, productName, products } from './releases.ts';

export function commandProblem(framework: Framework, release: Release, command: string): Problem | undefined {
  const product = productName(framework, release);
  if (framework === 'Chronos') {
    if (command === '')
      return { severity: 'warning', message: 'The command is empty: the job does nothing, and succeeds.' };
    if (!/^(http|ftp)/.test(command)) return undefined;
    const message = `${product} takes a command that begins with http or ftp for the address of a file, which it fetches and runs; \`uris\` are not used then. Begin with another word, such as \`curl\`.`;
    return { severity: 'warning', message };
  }
  if (command !== '' && (command.length > 1 || products[release].marathon !== '1.5.6')) return undefined;
  const what = command === '' ? 'an empty command' : 'a command of one character';
  return {
    severity: 'error',
    message: `${product} refuses ${what}. Leave \`command\` out to run what the image says.`,
  };
}
