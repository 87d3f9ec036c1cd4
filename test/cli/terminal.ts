// A terminal for tests of commands: what is printed is kept.
import { main, type Terminal } from '../../cli/src/main.ts';

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCommand(
  args: readonly string[],
  process: Partial<Pick<Terminal, 'env' | 'signal'>> = {},
): Promise<Printed> {
  let stdout = '';
  let stderr = '';
  const code = await main(args, {
    stdout: text => {
      stdout += text;
    },
    stderr: text => {
      stderr += text;
    },
    env: {},
    signal: new AbortController().signal,
    ...process,
  });
  return { code, stdout, stderr };
}
