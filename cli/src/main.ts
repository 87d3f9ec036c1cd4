// The command line: finds the command and runs it. What a command does is in its own file; the process around it is run.ts.
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

const commands: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<{ run: Command }> }>> =
  {
    check: { summary: 'Check templates', load: () => import('./check.ts') },
    plan: { summary: 'Show what a template would send to Marathon and Chronos', load: () => import('./plan.ts') },
    deploy: { summary: 'Run a template on a cluster', load: () => import('./deploy.ts') },
    undeploy: { summary: 'Take a deployment away', load: () => import('./undeploy.ts') },
    status: { summary: 'Show what is deployed, and how it stands', load: () => import('./status.ts') },
    local: { summary: 'Run a Mesos cluster on this machine', load: () => import('./local.ts') },
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

/** Resolves to the exit code. What a command throws is told in one sentence, and is exit code 2: it could not run. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    terminal.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...args] = argv;
  if (name === '--version') {
    const manifest = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as {
      name: string;
      version: string;
    };
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
