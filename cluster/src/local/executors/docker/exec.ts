// A command inside a running container, as `docker exec` runs it.
import { tooLate } from '../status.ts';
import type { Engine } from './engine.ts';

/** Says its process id, which the engine does not tell, and then is the command. What it says further is of no use. */
const wrapper = 'echo $$; exec /bin/sh -c "$0" >/dev/null 2>&1';

/** Resolves to undefined when the command exits with 0, else to why not. */
export async function runInside(
  engine: Engine,
  container: string,
  command: string,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const id = await create(engine, container, ['/bin/sh', '-c', wrapper, command]);
    const output = await engine.stream('POST', `/exec/${id}/start`, { body: { Detach: false, Tty: true } });
    let said = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      output.destroy();
    }, timeoutMs);
    try {
      for await (const chunk of output) said += String(chunk);
    } catch (error) {
      if (!late) throw error;
    } finally {
      clearTimeout(timer);
    }
    if (late) {
      await end(engine, container, Number.parseInt(said, 10));
      return tooLate(timeoutMs);
    }
    const { ExitCode } = await engine.ask<{ ExitCode: number }>('GET', `/exec/${id}/json`);
    return ExitCode === 0 ? undefined : `Command exited with status ${ExitCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function create(engine: Engine, container: string, argv: readonly string[]): Promise<string> {
  const body = { Cmd: argv, AttachStdout: true, AttachStderr: true, Tty: true };
  return (await engine.ask<{ Id: string }>('POST', `/containers/${container}/exec`, body)).Id;
}

/** The engine lets a command go on when nobody listens any more. It leads a process group of its own. */
async function end(engine: Engine, container: string, pid: number): Promise<void> {
  if (Number.isNaN(pid)) return;
  const id = await create(engine, container, ['/bin/sh', '-c', `kill -9 -${pid}`]);
  await engine.ask('POST', `/exec/${id}/start`, { Detach: true });
}
