// Commands in tests, in this process or as the built program in one of its own: what is printed is kept.
import { execFile } from 'node:child_process';
import path from 'node:path';
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

/** The built program, with more in its environment. Rejects where it does not end by itself. */
export function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  const program = path.join(__dirname, '../../bin/tosca-mesos');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(error);
    });
  });
}
