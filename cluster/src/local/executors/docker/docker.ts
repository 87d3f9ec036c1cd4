// Runs tasks that have an image in a Docker or Podman engine. What a container is made of is in spec.ts, what becomes of containers when
// the cluster is killed in leftovers.ts. Facts: apache/mesos src/docker/executor.cpp, src/slave/containerizer/docker.cpp.
import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../../clock.ts';
import { imageOf } from '../../mesos/container.ts';
import type { MesosVersion } from '../../release.ts';
import {
  type Executor,
  type ExecutorOptions,
  type Launch,
  noTask,
  type Report,
  type RunningTask,
} from '../executor.ts';
import { limitsOf, memoryReason, overMemory } from '../limits.ts';
import { note } from '../note.ts';
import { exitText, killedWins } from '../status.ts';
import { type Engine, EngineError } from './engine.ts';
import { runInside } from './exec.ts';
import { provideImage } from './image.ts';
import { type ContainerWatch, type Owner, ownerLabels, removeAbandoned, watchContainers } from './leftovers.ts';
import { saveOutput } from './output.ts';
import { containerName, containerSpec, isDocker, type Spec } from './spec.ts';
import { containerUsage } from './statistics.ts';

interface Context extends ExecutorOptions {
  readonly engine: Engine;
  readonly owner: Owner;
  /** What former lives have left is gone: only then may a task start, so that none runs twice. */
  readonly clean: Promise<void>;
}

export function dockerExecutor(options: ExecutorOptions, engine: Engine): Executor {
  const { clusterId, log } = options;
  const owner = { cluster: clusterId, life: randomUUID() };
  const clean = removeAbandoned(engine, owner).catch((error: unknown) =>
    log(`Containers of former clusters may be left: ${sentence(error)}`),
  );
  const context = { ...options, engine, owner, clean };
  let watch: ContainerWatch | undefined;
  return {
    start(launch, report) {
      watch ??= watchContainers(engine, owner, log);
      return startContainer(context, launch, report);
    },
    async stop() {
      await clean;
      await watch?.stop();
      await engine.close();
    },
  };
}

function startContainer(context: Context, launch: Launch, report: Report): RunningTask {
  const { engine, owner, clean, clock, mesos, log } = context;
  let phase: 'preparing' | 'starting' | 'running' | 'ended' = 'preparing';
  /** Milliseconds: a kill was asked for. */
  let grace: number | undefined;
  let id = '';
  let stopSignal = 'SIGTERM';
  let cancelKill: (() => void) | undefined;

  function end(...told: Parameters<Report>): void {
    if (phase === 'ended') return;
    phase = 'ended';
    cancelKill?.();
    report(...told);
  }

  const signal = (name: string) =>
    engine.ask('POST', `/containers/${id}/kill?signal=${encodeURIComponent(name)}`).catch((error: unknown) => {
      // 409: it has ended by itself; 404: somebody has removed it.
      if (phase !== 'ended' && !isRefusal(error, 404, 409))
        log(`Cannot send ${name} to container ${id}: ${sentence(error)}`);
    });

  function kill(after: number): void {
    void signal(stopSignal);
    cancelKill?.();
    cancelKill = clock.after(after, () => void signal('SIGKILL'));
  }

  async function run(): Promise<void> {
    const spec = await prepare();
    if (spec === undefined) return;
    phase = 'starting';
    const name = containerName(launch);
    const body = { ...spec.config, HostConfig: spec.host };
    id = (await engine.ask<{ Id: string }>('POST', `/containers/create?name=${name}`, body)).Id;
    try {
      const output = await engine.stream('POST', `/containers/${id}/attach?stream=1&stdout=1&stderr=1`);
      const saved = saveOutput(output, launch.sandbox, spec.config.Tty === true, error =>
        log(`The output of container ${name} is lost: ${sentence(error)}`),
      );
      await engine.ask('POST', `/containers/${id}/start`);
      phase = 'running';
      report('TASK_STARTING');
      report('TASK_RUNNING');
      if (grace !== undefined) kill(grace);
      const code = await exitCode();
      // Its streams end with it; whatever holds them open longer is no part of it.
      await Promise.race([saved, sleep(1000)]);
      output.destroy();
      const overMemory = await wentOverMemory();
      await remove();
      if (overMemory) note(launch, `The container went over its memory limit of ${spec.host.Memory} bytes.`);
      end(...outcome(launch, mesos, { code, killed: grace !== undefined, overMemory }));
    } catch (error) {
      await remove();
      throw error;
    }
  }

  /** Undefined when the task was killed meanwhile. */
  async function prepare(): Promise<Spec | undefined> {
    await clean;
    const name = imageOf(launch.container) ?? '';
    const force = launch.container?.docker?.force_pull_image ?? false;
    const image = await provideImage(engine, name, force, launch.sandbox).catch((error: unknown) => {
      throw new Error(
        `Failed to launch container: Failed to run 'docker -H ${engine.address} pull ${name}': exited with status 1; stderr='Error response from daemon: ${sentence(error)}\n'`,
      );
    });
    // Docker's containerizer gives no GPUs.
    const gpus = isDocker(launch) ? 0 : launch.resources.gpus;
    const info = gpus > 0 ? await engine.ask<{ Runtimes?: Record<string, unknown> }>('GET', '/info') : undefined;
    if (phase === 'ended') return undefined;
    const spec = containerSpec(launch, image);
    spec.config.Labels = { ...(spec.config.Labels as object), ...ownerLabels(owner) };
    stopSignal = String(spec.config.StopSignal ?? image.stopSignal);
    if (info?.Runtimes?.nvidia !== undefined) {
      spec.host.DeviceRequests = [{ Count: gpus, Capabilities: [['gpu']] }];
    } else if (gpus > 0) {
      note(launch, `The engine at ${engine.address} has no GPUs to give: the container runs without them.`);
    }
    return spec;
  }

  /** Undefined where the engine cannot tell it any more. */
  async function exitCode(): Promise<number | undefined> {
    for (let tries = 0; tries < 30; tries++) {
      try {
        const answer = await json(await engine.stream('POST', `/containers/${id}/wait`));
        return (answer as { StatusCode: number }).StatusCode;
      } catch (error) {
        if (isRefusal(error, 404)) return undefined;
        // The engine may be on its way down and up again.
        await sleep(1000);
      }
    }
    return undefined;
  }

  async function wentOverMemory(): Promise<boolean> {
    const inspected = engine.ask<{ State: { OOMKilled?: boolean } }>('GET', `/containers/${id}/json`);
    // Somebody may have removed it.
    return inspected.then(({ State }) => State.OOMKilled === true).catch(() => false);
  }

  async function remove(): Promise<void> {
    await engine.ask('DELETE', `/containers/${id}?force=1&v=1`).catch((error: unknown) => {
      if (!isRefusal(error, 404)) log(`Container ${containerName(launch)} cannot be removed: ${sentence(error)}`);
    });
  }

  run().catch((error: unknown) => {
    const message = phase === 'preparing' ? sentence(error) : `Failed to run docker container: ${sentence(error)}`;
    end('TASK_FAILED', message, 'REASON_CONTAINER_LAUNCH_FAILED');
  });

  return {
    kill(graceMs) {
      grace = graceMs;
      if (phase === 'preparing') end('TASK_KILLED', 'Container destroyed while pulling image');
      else if (phase === 'running') kill(graceMs);
    },
    exec: (command, timeoutMs) =>
      phase === 'running' ? runInside(engine, id, command, timeoutMs) : noTask.exec(command, timeoutMs),
    async statistics() {
      const usage = phase === 'running' ? await containerUsage(engine, id) : undefined;
      return usage && { timestamp: seconds(clock.now()), ...limitsOf(launch.resources), ...usage };
    },
  };
}

interface Exit {
  /** Undefined where the engine cannot tell it any more. */
  readonly code: number | undefined;
  readonly killed: boolean;
  readonly overMemory: boolean;
}

/** What Mesos says of it: by its docker executor, or, for an image that it runs itself, by its command executor. */
function outcome(launch: Launch, mesos: MesosVersion, exit: Exit): Parameters<Report> {
  const { code, killed } = exit;
  if (code === undefined) return ['TASK_FAILED', 'Failed to get exit status of container'];
  const asDocker = isDocker(launch);
  const old = asDocker && mesos === '0.28.0';
  const text = old ? '' : `${asDocker ? 'Container' : 'Command'} ${exitText(code, null)}`;
  if (killed && (old || killedWins(code, mesos))) return ['TASK_KILLED', text];
  if (code === 0) return ['TASK_FINISHED', text];
  const failure = old ? `Docker container run error: Container exited on error: ${exitText(code, null)}` : text;
  const limit = limitsOf(launch.resources).mem_limit_bytes;
  if (exit.overMemory) return ['TASK_FAILED', asDocker ? failure : overMemory(limit, limit), memoryReason];
  return asDocker ? ['TASK_FAILED', failure] : ['TASK_FAILED', failure, 'REASON_COMMAND_EXECUTOR_FAILED'];
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isRefusal = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof EngineError && statuses.includes(error.status);
