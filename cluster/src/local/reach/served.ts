// Which service ports are to be served now, for any load balancer: followed from what runs of each app.
import type { Clock } from '../clock.ts';
import { isPod } from '../marathon/pod.ts';
import type { Run } from '../marathon/run.ts';
import type { Agent } from '../mesos/agents.ts';
import { backendsOf } from './backends.ts';
import { type ServicePort, servicePortsOf } from './service-port.ts';

export interface Served {
  readonly service: ServicePort;
  readonly run: Run;
}

export interface RunsToServe {
  readonly all: ReadonlyMap<string, Run>;
  readonly watchers: Set<(appId: string) => void>;
}

export interface ServedPorts {
  /** In marathon-lb's order: by app and port. Of two apps with the same port, which old Marathons let be, the first. */
  readonly all: () => readonly Served[];
  stop(): void;
}

/** What changes sooner after a change than this, in milliseconds, is taken together. */
const together = 20;

/** Calls `changed` soon after something changed. */
export function followServed(
  {
    runs,
    agents,
    clock,
    log,
  }: { runs: RunsToServe; agents: () => readonly Agent[]; clock: Clock; log: (line: string) => void },
  changed: () => void,
): ServedPorts {
  const byApp = new Map<string, readonly Served[]>();
  const dirty = new Set<string>();
  let cancel: (() => void) | undefined;

  const tellOnce = once(log);

  function flush(): void {
    for (const appId of dirty) {
      const run = runs.all.get(appId);
      const served = run === undefined ? [] : servedOf(run, agents());
      if (served.length === 0) byApp.delete(appId);
      else byApp.set(appId, served);
    }
    dirty.clear();
    cancel = clock.after(together, () => {
      cancel = undefined;
      if (dirty.size > 0) flush();
    });
    changed();
  }

  const watch = (appId: string) => {
    dirty.add(appId);
    cancel ??= clock.after(0, flush);
  };
  runs.watchers.add(watch);
  for (const appId of runs.all.keys()) watch(appId);
  return {
    all() {
      const ports = new Map<number, Served>();
      for (const each of [...byApp].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, served]) => served)) {
        const { app, port } = each.service;
        const other = ports.get(port)?.service.app.id;
        if (other === undefined) ports.set(port, each);
        else tellOnce(`Service port ${port} of ${app.id} is not served: ${other} has the same.`);
      }
      return [...ports.values()];
    },
    stop() {
      runs.watchers.delete(watch);
      cancel?.();
    },
  };
}

/**
 * A port is served while a task of the app runs, as with marathon-lb. A service port that is a host port of a task is served by that
 * task: it listens on this machine.
 */
const servedOf = (run: Run, agents: readonly Agent[]): Served[] =>
  (isPod(run.spec) ? [] : servicePortsOf(run.spec))
    .filter(service => backendsOf(run, service).length > 0)
    .filter(({ port }) => !agents.some(({ usedPorts }) => usedPorts.has(port)))
    .map(service => ({ service, run }));

/** Says each sentence one time. */
export function once(log: (line: string) => void): (sentence: string) => void {
  const told = new Set<string>();
  return sentence => {
    if (!told.has(sentence)) log(sentence);
    told.add(sentence);
  };
}
