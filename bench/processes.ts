// Whole processes: how long a language server takes to start, and the command line to check templates.
import { runNode } from './children.ts';
import { type Program, startLanguageServer } from './language-server.ts';

/** Milliseconds from the start of each server's process to its answer to `initialize`, by turns; by the servers' names. */
export async function measureStarts(
  programs: readonly Program[],
  times: number,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const series = Object.fromEntries(programs.map(({ name }): [string, number[]] => [name, []]));
  for (let time = 0; time < times; time++) {
    for (const program of programs) {
      const server = await startLanguageServer(program);
      series[program.name]?.push(server.startTime);
      await server.stop();
    }
  }
  return series;
}

/** Milliseconds that runs of Node take from start to exit. Throws when one of them does not end with an exit code that is expected. */
export async function measureRuns(
  args: readonly string[],
  times: number,
  expected: readonly number[],
): Promise<readonly number[]> {
  const series: number[] = [];
  for (let time = 0; time < times; time++) {
    const { milliseconds, code } = await runNode(args);
    if (!expected.includes(code)) throw new Error(`node ${args.join(' ')} ended with exit code ${code}.`);
    series.push(milliseconds);
  }
  return series;
}
