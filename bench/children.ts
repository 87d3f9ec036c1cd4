// The processes that the benchmark has started: none outlives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

/** Takes note of a process, so that it ends with this one at the latest. */
export function own<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Waits for the end of a process; after so many milliseconds it is killed. */
export async function ended(child: ChildProcess, milliseconds: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await once(child, 'exit');
  clearTimeout(timer);
}

/** Runs Node with arguments to its end, its output unread; how long that took, and its exit code. */
export async function runNode(
  args: readonly string[],
): Promise<{ readonly milliseconds: number; readonly code: number }> {
  const began = performance.now();
  const child = own(spawn(process.execPath, args, { stdio: 'ignore' }));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { milliseconds: performance.now() - began, code: code ?? -1 };
}
