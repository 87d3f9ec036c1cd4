// Stands in for a task: answers on its host ports with what would run there, and says clearly that nothing does. No child process.
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { type Clock, seconds } from '../clock.ts';
import { imageOf } from '../mesos/container.ts';
import { selfSigned } from '../self-signed.ts';
import { type Executor, type Launch, noTask, type Report } from './executor.ts';
import { limitsOf } from './limits.ts';

/** How long a job pretends to work, in milliseconds. */
const jobDuration = 200;

export function standInExecutor(clock: Clock): Executor {
  return {
    start(launch, report) {
      if (!write(launch, `${describe(launch)}\n`, report)) return noTask;
      const kill = launch.kind === 'job' ? startJob(clock, report) : startService(launch, report);
      const usage = { cpus_user_time_secs: 0, cpus_system_time_secs: 0, mem_rss_bytes: 0 };
      return {
        kill,
        exec: async () => undefined,
        statistics: async () => ({ timestamp: seconds(clock.now()), ...limitsOf(launch.resources), ...usage }),
      };
    },
    stop: async () => {},
  };
}

/** Returns what kills it; as below. */
function startJob(clock: Clock, report: Report): () => void {
  report('TASK_STARTING');
  report('TASK_RUNNING');
  let ended = false;
  const end = (state: 'TASK_FINISHED' | 'TASK_KILLED', message: string) => {
    if (ended) return;
    ended = true;
    report(state, message);
  };
  const cancel = clock.after(jobDuration, () => end('TASK_FINISHED', 'The stand-in job is done'));
  return () => {
    cancel();
    end('TASK_KILLED', 'The stand-in job was killed');
  };
}

function startService(launch: Launch, report: Report): () => void {
  let ended = false;
  const servers: net.Server[] = [];
  const sockets = new Set<net.Socket>();
  const end = (state: 'TASK_FAILED' | 'TASK_KILLED', message: string) => {
    if (ended) return;
    ended = true;
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
    report(state, message);
  };
  report('TASK_STARTING');
  const opened = launch.ports.map(
    port =>
      new Promise<void>((resolve, reject) => {
        const server = net.createServer(socket => {
          sockets.add(socket);
          socket.on('close', () => sockets.delete(socket));
          socket.on('error', () => socket.destroy());
          answer(socket, launch);
        });
        servers.push(server);
        server.once('error', reject);
        server.listen(port, launch.host, resolve);
      }),
  );
  Promise.all(opened).then(
    () => {
      if (!ended) report('TASK_RUNNING');
    },
    (error: NodeJS.ErrnoException) =>
      end('TASK_FAILED', `The stand-in cannot listen on one of its ports ${launch.ports.join(', ')}: ${error.message}`),
  );
  return () => end('TASK_KILLED', 'The stand-in was stopped');
}

/** HTTP gets an HTTP answer, anything else one line of text; both also within TLS. */
function answer(socket: net.Socket, launch: Launch): void {
  socket.once('data', data => {
    if (data[0] !== tlsHandshake) return reply(socket, data, launch);
    socket.pause();
    socket.unshift(data);
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: ownContext() });
    secure.on('error', () => socket.destroy());
    secure.once('data', inside => reply(secure, inside, launch));
  });
}

/** The first byte of what a client sends that begins with TLS. */
const tlsHandshake = 22;

let context: tls.SecureContext | undefined;
const ownContext = (): tls.SecureContext => {
  context ??= tls.createSecureContext(selfSigned(['localhost', '127.0.0.1']));
  return context;
};

function reply(socket: net.Socket, data: Buffer, launch: Launch): void {
  const text = `${describe(launch)}\n`;
  const isHttp = /^[A-Z]+ \S+ HTTP\/1\.[01]\r?\n/.test(data.toString('latin1', 0, 8192));
  socket.end(
    isHttp
      ? `HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`
      : text,
  );
}

function describe(launch: Launch): string {
  const image = imageOf(launch.container);
  const command =
    launch.command === undefined ? '' : launch.command.shell ? launch.command.value : launch.command.argv.join(' ');
  const what = [image === undefined ? '' : `image "${image}"`, command === '' ? '' : `command "${command}"`]
    .filter(part => part !== '')
    .join(' and ');
  return `This is a stand-in of the TOSCA for Mesos local cluster for task ${launch.taskId}: nothing runs here. The real task would run ${what || 'nothing'}.`;
}

function write(launch: Launch, text: string, report: Report): boolean {
  try {
    appendFileSync(path.join(launch.sandbox, 'stdout'), text);
    appendFileSync(path.join(launch.sandbox, 'stderr'), '');
    return true;
  } catch (error) {
    report('TASK_FAILED', `Cannot write to the sandbox: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
