// The local cluster in the background: started so that it outlives the command that starts it, and stopped again.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, localAddressFile, readLocalAddress } from '../../cluster/src/local-address.ts';
import { type CommandOptions, credentialsVariable } from './local-options.ts';
import type { Terminal } from './main.ts';

const stopWithinMs = 15_000;

/** Resolves to the line that the cluster prints when it is ready. Throws an Error with the cluster's last words. */
export async function startInBackground(
  args: readonly string[],
  { stateDir, logFile, credentials }: Pick<CommandOptions, 'stateDir' | 'logFile' | 'credentials'>,
  terminal: Terminal,
): Promise<string> {
  const program = process.argv[1];
  if (program === undefined) throw new Error('The local cluster cannot be started from here: run tosca-mesos local.');
  const folder = stateDir ?? path.dirname(localAddressFile(terminal.env));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = logFile ?? path.join(folder, 'local.log');
  const log = openSync(file, logFile === undefined && stateDir === undefined ? 'w' : 'a', 0o600);
  terminal.stderr(`What the local cluster has to say is in ${file}.\n`);
  // A password goes by a way that `ps` does not show.
  const env =
    credentials === undefined
      ? terminal.env
      : { ...terminal.env, [credentialsVariable]: `${credentials.user}:${credentials.password}` };
  const own = [...withoutCredentials(args).filter(argument => argument !== '--detach'), '--log', file];
  const child = spawn(process.execPath, [program, 'local', ...own], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const end = output.indexOf('\n');
      if (end === -1) return;
      child.stdout?.destroy();
      child.unref();
      resolve(output.slice(0, end));
    });
    child.once('error', error => reject(new Error(`The local cluster could not be started: ${error.message}.`)));
    child.once('exit', () => {
      const lastWords = readFileSync(file, 'utf8').trim().split('\n').at(-1);
      reject(new Error(lastWords || `The local cluster ended before it was ready: see ${file}.`));
    });
  });
}

const withoutCredentials = (args: readonly string[]): readonly string[] =>
  args.filter(
    (argument, n) =>
      !/^--credentials(?:-file)?(?:=|$)/.test(argument) && !/^--credentials(?:-file)?$/.test(args[n - 1] ?? ''),
  );

/** Stops the local cluster that runs, wherever it was started; resolves to the exit code when its process is gone. */
export async function stopRunning({ env, stdout, stderr, signal }: Terminal): Promise<number> {
  const address = await readLocalAddress(localAddressFile(env));
  if (address === undefined) {
    stdout('The local cluster is not running.\n');
    return 0;
  }
  process.kill(address.pid, 'SIGTERM');
  const until = performance.now() + stopWithinMs;
  while (isAlive(address.pid)) {
    if (signal.aborted || performance.now() > until) {
      stderr(`The local cluster (process ${address.pid}) does not stop: end it with \`kill -9 ${address.pid}\`.\n`);
      return 1;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  stdout('The local cluster is stopped.\n');
  return 0;
}
