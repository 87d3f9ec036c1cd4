// The embedded cluster as this window sees it: started here, running elsewhere, or not at all. The cluster itself is a
// process of its own, the command line's `local`; what it does is in cluster/src/local.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { type LocalAddress, localAddressFile, readLocalAddress } from '../../../cluster/src/local-address.ts';
import { type LocalSettings, localArguments, localEnvironment, readReadyLine } from './command.ts';

export type LocalStatus =
  | { readonly status: 'stopped' }
  | { readonly status: 'starting' }
  | { readonly status: 'running'; readonly address: LocalAddress; readonly own: boolean }
  | { readonly status: 'stopping' }
  /** One sentence: what happened, what to do. */
  | { readonly status: 'failed'; readonly reason: string };

const readyWithin = 20_000;
const stopWithin = 10_000;
const lookEvery = 1_000;

export class LocalCluster implements vscode.Disposable {
  #status: LocalStatus = { status: 'stopped' };
  #child: ChildProcess | undefined;
  #starting: Promise<LocalAddress> | undefined;
  readonly #cli: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #settings: () => LocalSettings;
  readonly #changed = new vscode.EventEmitter<LocalStatus>();
  readonly #timer: NodeJS.Timeout;

  readonly onDidChange = this.#changed.event;

  /** `cli` is the bundled command line; `settings` is asked at each start. */
  constructor(cli: string, log: vscode.LogOutputChannel, settings: () => LocalSettings) {
    this.#cli = cli;
    this.#log = log;
    this.#settings = settings;
    this.#timer = setInterval(() => void this.#look(), lookEvery);
    void this.#look();
  }

  get status(): LocalStatus {
    return this.#status;
  }

  /** Starts it, or finds the one that runs. Rejects with one sentence. */
  start(): Promise<LocalAddress> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Stops it, wherever it was started; resolves when its process is gone. */
  async stop(): Promise<void> {
    const status = this.#status;
    const child = this.#child;
    if (child === undefined) {
      if (status.status !== 'running') return;
      this.#set({ status: 'stopping' });
      await stopProcess(status.address.pid);
      this.#set({ status: 'stopped' });
      return;
    }
    this.#set({ status: 'stopping' });
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithin);
    await gone;
    clearTimeout(timer);
  }

  /** Stops what this window started, and nothing else: for the window's own end. */
  async end(): Promise<void> {
    if (this.#child !== undefined) await this.stop();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#changed.dispose();
  }

  async #start(): Promise<LocalAddress> {
    const found = await readLocalAddress();
    if (found !== undefined) {
      this.#set({ status: 'running', address: found, own: found.pid === this.#child?.pid });
      return found;
    }
    this.#set({ status: 'starting' });
    try {
      const address = await this.#spawn();
      this.#set({ status: 'running', address, own: true });
      return address;
    } catch (error) {
      if (this.#isStopped()) throw new Error('The local cluster was stopped while it started.');
      const reason = error instanceof Error ? error.message : String(error);
      this.#set({ status: 'failed', reason });
      throw new Error(reason);
    }
  }

  #isStopped(): boolean {
    return this.#status.status === 'stopping' || this.#status.status === 'stopped';
  }

  #spawn(): Promise<LocalAddress> {
    const settings = this.#settings();
    const args = [this.#cli, ...localArguments(settings)];
    this.#log.info(`Starting the local cluster: tosca-mesos ${args.slice(1).join(' ')}`);
    // The channel is there so that the cluster sees this process die, however it dies.
    const child = spawn(process.execPath, args, {
      env: localEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log.append(text);
      lastWords = `${lastWords}${text}`.slice(-2_000);
    });
    return new Promise((resolve, reject) => {
      let output = '';
      const timer = setTimeout(() => {
        reject(new Error(`The local cluster was not ready within ${readyWithin / 1000} s: see its log.`));
        child.kill('SIGKILL');
      }, readyWithin);
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const address = readReadyLine(output, settings.release);
        if (address === undefined) return;
        clearTimeout(timer);
        // its file says more than its line: where its load balancer answers, where local volumes lie
        resolve(readLocalAddress().then(written => (written?.pid === address.pid ? written : address)));
      });
      child.once('error', error => {
        clearTimeout(timer);
        this.#child = undefined;
        reject(new Error(`The local cluster could not be started: ${error.message}.`));
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        const said = lastWords.trim().split('\n').at(-1) ?? '';
        this.#exited(code, signal);
        reject(new Error(`The local cluster ended before it was ready${said ? `: ${said}` : '; see its log.'}`));
      });
    });
  }

  #exited(code: number | null, signal: string | null): void {
    this.#child = undefined;
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    this.#log.info(`The local cluster ended ${how}.`);
    if (this.#status.status === 'running')
      this.#set({ status: 'failed', reason: `It ended unexpectedly, ${how}. Start it again.` });
    else if (this.#status.status === 'stopping') this.#set({ status: 'stopped' });
  }

  /** A cluster that another window or a terminal has started or stopped. */
  async #look(): Promise<void> {
    if (this.#child !== undefined || this.#starting !== undefined || this.#status.status === 'stopping') return;
    const address = await readLocalAddress();
    if (this.#child !== undefined || this.#starting !== undefined) return;
    const before = this.#status;
    if (address !== undefined) {
      if (before.status !== 'running' || before.address.pid !== address.pid)
        this.#set({ status: 'running', address, own: false });
    } else if (before.status === 'running') {
      // A cluster that was told to stop takes its note away; one that was killed leaves it.
      const reason = `Its process (${before.address.pid}) ended unexpectedly. Start it again.`;
      this.#set(existsSync(localAddressFile()) ? { status: 'failed', reason } : { status: 'stopped' });
    }
  }

  #set(status: LocalStatus): void {
    this.#status = status;
    this.#changed.fire(status);
  }
}

/** Asks a process that is not our child to end, and waits until it has; kills it when it does not. */
async function stopProcess(pid: number): Promise<void> {
  const signal = (name: NodeJS.Signals | 0) => {
    try {
      return process.kill(pid, name);
    } catch {
      return false;
    }
  };
  signal('SIGTERM');
  for (let waited = 0; signal(0); waited += 100) {
    if (waited >= stopWithin) {
      signal('SIGKILL');
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
