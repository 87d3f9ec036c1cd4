// A terminal for tests of commands: what is printed is kept.
import { main, type Terminal } from '../../cli/src/main.ts';

export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  signal = new AbortController().signal,
) {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    stdout: text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    env,
    signal,
  });
  return { code, stdout, stderr };
}
