// The Orchestrator on top of the local Marathon and Chronos: puts its parts together, and lists what it answers.
import type { Clock } from '../clock.ts';
import type { Service } from '../http.ts';
import type { Journal } from '../journal.ts';
import type { ReleaseParts } from '../release.ts';
import { notify } from './callback.ts';
import type { Deployment } from './deployment.ts';
import { failure, refuse } from './errors.ts';
import type { Language } from './language.ts';
import { readTemplate } from './read-template.ts';
import { deploymentRoutes } from './routes-deployments.ts';
import { resourceRoutes } from './routes-resources.ts';
import { scheduleRoutes } from './routes-schedules.ts';
import { serviceRoutes } from './routes-service.ts';
import { createRuns } from './run.ts';
import { createStore, type Store } from './store.ts';
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
  readonly loadBalancerIps: readonly string[];
  readonly localVolumesHostBasePath: string;
  readonly journal: Journal;
  readonly log: (line: string) => void;
}

export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const { release, clock, language, marathon, chronos, origin, hasGpus, localVolumesHostBasePath, log } = options;
  const store = createStore(clock.now, options.journal);
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
    loadBalancerIps: options.loadBalancerIps,
    notify: deployment => notify(deployment, endpointOf, log),
  });
  const orchestrator: Orchestrator = {
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
  resume(orchestrator, log);
  return orchestrator;
}

/** Goes on with what was under way when the cluster was last stopped. */
function resume(orchestrator: Orchestrator, log: (line: string) => void): void {
  const { store, workflows } = orchestrator;
  for (const deployment of store.deployments.values()) {
    if (deployment.status === 'DELETE_IN_PROGRESS') workflows.remove(deployment.id);
    if (deployment.status !== 'CREATE_IN_PROGRESS') continue;
    readTemplate(orchestrator, deployment, deployment)
      .then(({ reading }) => {
        if (store.deployments.get(deployment.id)?.status === 'CREATE_IN_PROGRESS')
          workflows.create(deployment.id, reading);
      })
      .catch((error: unknown) =>
        log(`deployment ${deployment.id} stands still: ${error instanceof Error ? error.message : String(error)}`),
      );
  }
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
      ...serviceRoutes(orchestrator),
    ],
  };
}
