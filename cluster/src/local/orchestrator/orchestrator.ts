// The Orchestrator on top of the local Marathon and Chronos: puts its parts together, and lists what it answers.
import type { Clock } from '../clock.ts';
import type { Service } from '../http.ts';
import type { ReleaseParts } from '../release.ts';
import { notify } from './callback.ts';
import type { Deployment } from './deployment.ts';
import { failure, refuse } from './errors.ts';
import type { Language } from './language.ts';
import { deploymentRoutes } from './routes-deployments.ts';
import { resourceRoutes } from './routes-resources.ts';
import { scheduleRoutes } from './routes-schedules.ts';
import { serviceRoutes } from './routes-service.ts';
import { createRuns } from './run.ts';
import { createStore, type Records, type Store } from './store.ts';
import { createWorkflows, type Workflows } from './workflow.ts';

export interface Orchestrator {
  readonly clock: Clock;
  readonly store: Store;
  readonly workflows: Workflows;
  /** Ends the workflow of a deployment. */
  readonly cancel: (id: string) => void;
  /** Throws the answer for a cluster that was started without. */
  readonly language: () => Language;
  /** Address of the Marathon or Chronos that a deployment is on. */
  readonly endpointOf: (deployment: Deployment) => string;
  /** What all that is read belongs to. */
  readonly origin: () => string;
  readonly localVolumesHostBasePath: string;
  stop(): void;
}

export interface OrchestratorOptions {
  readonly release: ReleaseParts;
  readonly clock: Clock;
  readonly language: Language | undefined;
  readonly marathon: () => { readonly url: string; readonly service: Service };
  readonly chronos: () => { readonly url: string; readonly service: Service };
  /** Its own address. */
  readonly origin: () => string;
  readonly hasGpus: boolean;
  readonly localVolumesHostBasePath: string;
  readonly log: (line: string) => void;
  readonly kept?: Records;
  readonly saved?: (records: Records) => void;
}

export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const { release, clock, language, marathon, chronos, origin, hasGpus, localVolumesHostBasePath, log } = options;
  const store = createStore(clock.now, options.kept, options.saved);
  const runs = createRuns(clock, log);
  const endpointOf = ({ provider }: Deployment) => (provider === 'CHRONOS' ? chronos : marathon)().url;
  const workflows = createWorkflows({
    store,
    clock,
    runs,
    marathon: () => marathon().service,
    chronos: () => ({
      service: chronos().service,
      prefix: release.chronos === '2.4.0' ? '/scheduler' : '/v1/scheduler',
    }),
    hasGpus,
    loadBalancerIps: ['127.0.0.1'],
    notify: deployment => notify(deployment, endpointOf, log),
  });
  return {
    clock,
    store,
    workflows,
    cancel: runs.stop,
    language() {
      if (language !== undefined) return language;
      throw refuse(
        503,
        'This local cluster was started by a program that cannot read TOSCA: start it with `tosca-mesos local` to deploy templates.',
      );
    },
    endpointOf,
    origin,
    localVolumesHostBasePath,
    stop: runs.stopAll,
  };
}

export function orchestratorService(orchestrator: Orchestrator): Service {
  return {
    jsonType: 'application/json;charset=UTF-8',
    problem: (status, message, { method, path }) =>
      failure(
        status,
        status === 404
          ? `No handler found for ${method} ${path}`
          : status === 405
            ? `Request method '${method}' not supported`
            : message,
      ),
    routes: [
      ...deploymentRoutes(orchestrator),
      ...resourceRoutes(orchestrator),
      ...scheduleRoutes(orchestrator),
      ...serviceRoutes,
    ],
  };
}
