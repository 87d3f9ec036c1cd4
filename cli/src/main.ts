// The command line: finds the command, runs it, turns its result into an exit code. What a command does is in its own file.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What a command may use of the process it runs in. Tests hand in their own. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command: its arguments after its name, and the terminal; resolves to the exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<{ run: Command }> }>> = {
};

const usage = () =>
  [
    'Usage: tosca-mesos COMMAND [ARGUMENTS]',
    '',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`),
    '',
    'tosca-mesos COMMAND --help tells more; tosca-mesos --version prints the version.',
    '',
  ].join('\n');

export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version') {
    const manifest = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as { name: string; version: string };
    terminal.stdout(`${manifest.name} ${manifest.version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h') {
    terminal.stdout(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    terminal.stderr(`There is no command "${name}".\n\n${usage()}`);
    return 2;
  }
  return (await command.load()).run(args, terminal);
}
