// Keeps a LiveState up to date: events where the cluster has them, polls with back-off elsewhere, a whole read after every gap.
// What each part says is read in read.ts; how often is decided here.
import { chronosOf } from '../chronos/client.ts';
import { endpointOf } from '../connect/endpoint.ts';
import type { Profile } from '../profile.ts';
import { listenToMarathon } from './listen.ts';
import { type JobAlone, type MesosView, readApps, readJobs, readMesos } from './read.ts';
import type { Connection, LiveApp, LiveState } from './state.ts';
import { type Watch, watch } from './watch.ts';

export interface LiveStore {
  readonly profile: Profile;
  /** Never throws and never waits. */
  readonly state: LiveState;
  /** Calls back after each change; returns what ends the calls. */
  onDidChange(listener: (state: LiveState) => void): () => void;
  /** Reads everything now; resolves when that is done, also when the cluster does not answer. */
  refresh(): Promise<void>;
  dispose(): void;
}

export interface LiveOptions {
  /** For one reading of one part. Default 5 s. */
  readonly timeoutMs?: number;
  /** A longer silence of the event stream means that it is dead. Default 25 s; Marathon writes every 10 s. */
  readonly silenceMs?: number;
}

/** What is known of one part of the cluster: what was read last, and why there is nothing newer. */
interface Part<T> {
  readonly status: Connection;
  readonly value: T;
}

interface Parts {
  readonly marathon?: Part<readonly LiveApp[]>;
  readonly chronos?: Part<readonly JobAlone[]>;
  readonly mesos?: Part<MesosView>;
}

const connecting: Connection = { status: 'connecting' };
const online: Connection = { status: 'online' };

/** Begins to read at once. Ends with `dispose` only. */
export function openLiveStore(profile: Profile, options: LiveOptions = {}): LiveStore {
  const { timeoutMs = 5_000, silenceMs = 25_000 } = options;
  const listeners = new Set<(state: LiveState) => void>();
  const watches: Watch[] = [];
  const ends: (() => void)[] = [];
  let parts: Parts = {
    ...(profile.marathon === undefined ? {} : { marathon: { status: connecting, value: [] } }),
    ...(profile.chronos === undefined ? {} : { chronos: { status: connecting, value: [] } }),
    ...(profile.mesos === undefined
      ? {}
      : { mesos: { status: connecting, value: { agents: [], runs: {}, tasks: '' } } }),
  };
  let state = assemble(parts);
  let disposed = false;
  let listening = false;

  function change(next: Parts): void {
    parts = next;
    state = assemble(parts, state);
    for (const listener of [...listeners]) {
      if (disposed) return;
      try {
        listener(state);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  /** True when there was a change. What did not change keeps its identity, so that views need not look deeper. */
  function update<K extends keyof Parts>(name: K, part: NonNullable<Parts[K]>): boolean {
    if (disposed || JSON.stringify(parts[name]) === JSON.stringify(part)) return false;
    const turned = parts[name]?.status.status !== part.status.status;
    change({ ...parts, [name]: part });
    // Parts tend to go and come together: what became of one is soon known of all.
    if (turned) for (const one of watches) one.poke();
    return true;
  }

  const fail = (name: keyof Parts, reason: string) => {
    const old = parts[name];
    if (old !== undefined) update(name, { ...old, status: { status: 'offline', reason } } as never);
  };

  /**
   * A second where somebody looks, or something is on its way. But a reading may take at most a twentieth of the time, so
   * that a large or slow cluster is not kept busy by being looked at.
   */
  const rest = (pending: () => boolean) => (tookMs: number) =>
    Math.min(10_000, Math.max(listeners.size > 0 || pending() ? 1_000 : 10_000, 20 * tookMs));
  const patience = (signal: AbortSignal) => ({ signal, timeoutMs });

  if (profile.marathon !== undefined) {
    const marathon = endpointOf(profile, 'marathon');
    const pending = () => (parts.marathon?.value ?? []).some(isMoving);
    const usual = rest(pending);
    const watched = watch({
      endpoint: marathon,
      read: signal => readApps(marathon, patience(signal)),
      onValue: value => {
        update('marathon', { status: online, value });
        stream.open();
      },
      onFailure: reason => fail('marathon', reason),
      // Events tell of every change; a look now and then is for what they may have lost.
      rest: tookMs => (listening && !pending() ? 30_000 : usual(tookMs)),
    });
    const stream = listenToMarathon(marathon, silenceMs, {
      onEvent: watched.poke,
      // Whatever happened while nobody listened, and whatever ended the stream, shows in the next reading.
      onListening: now => {
        listening = now;
        void watched.refresh();
      },
    });
    watches.push(watched);
    ends.push(stream.dispose);
  }

  let chronosWatch: Watch | undefined;
  if (profile.chronos !== undefined) {
    const chronos = chronosOf(profile);
    chronosWatch = watch({
      endpoint: chronos,
      read: signal => readJobs(chronos, patience(signal)),
      onValue: value => update('chronos', { status: online, value }),
      onFailure: reason => fail('chronos', reason),
      rest: rest(() => (parts.chronos?.value ?? []).some(job => job.current !== 'idle')),
    });
    watches.push(chronosWatch);
  }

  if (profile.mesos !== undefined) {
    const mesos = endpointOf(profile, 'mesos');
    watches.push(
      watch({
        endpoint: mesos,
        read: signal => readMesos(mesos, patience(signal)),
        onValue: value => {
          const before = parts.mesos?.value.tasks;
          // A task of a job that begins or ends is the nearest thing to an event that Chronos has.
          if (update('mesos', { status: online, value }) && value.tasks !== before) chronosWatch?.poke();
        },
        onFailure: reason => fail('mesos', reason),
        rest: rest(() => false),
      }),
    );
  }

  const refresh = async () => {
    await Promise.all(watches.map(one => one.refresh()));
  };
  return {
    profile,
    get state() {
      return state;
    },
    onDidChange(listener) {
      const own = (next: LiveState) => listener(next);
      listeners.add(own);
      if (listeners.size === 1 && state.connection.status !== 'connecting') void refresh();
      return () => listeners.delete(own);
    },
    refresh,
    dispose() {
      disposed = true;
      listeners.clear();
      for (const end of ends) end();
      for (const one of watches) one.dispose();
    },
  };
}

function isMoving(app: LiveApp): boolean {
  return app.deployments.length > 0 || app.staged > 0 || app.running !== app.wanted;
}

function assemble(parts: Parts, before?: LiveState): LiveState {
  const known = Object.values(parts) as readonly Part<unknown>[];
  const failures = known.flatMap(({ status }) => (status.status === 'offline' ? [status.reason] : []));
  const [reason] = failures;
  const connection: Connection = known.some(({ status }) => status.status === 'online')
    ? online
    : known.length === 0
      ? {
          status: 'offline',
          reason: 'The profile names no part of a cluster: add the address of Marathon, Chronos or Mesos.',
        }
      : reason === undefined || failures.length < known.length
        ? connecting
        : { status: 'offline', reason };
  const jobs = (parts.chronos?.value ?? []).map(job => ({ ...job, taskIds: parts.mesos?.value.runs[job.name] ?? [] }));
  return {
    connection,
    problems: connection.status === 'online' ? failures : [],
    apps: parts.marathon?.value ?? [],
    jobs: before !== undefined && JSON.stringify(jobs) === JSON.stringify(before.jobs) ? before.jobs : jobs,
    agents: parts.mesos?.value.agents ?? [],
  };
}
