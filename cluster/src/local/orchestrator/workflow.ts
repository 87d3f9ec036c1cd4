// What happens to a deployment after the answer: it is brought to Marathon or Chronos, waited for, taken away again.
// Facts: indigo-dc/orchestrator src/main/resources/processes/{Deploy,Undeploy}.bpmn20.xml, service/commands/*.java.
import { resolveOutputs } from '../../deploy/outputs.ts';
import type { Clock } from '../clock.ts';
import type { Service } from '../http.ts';
import { providerName, serviceId } from './answer.ts';
import type { Deployment, Provider } from './deployment.ts';
import type { Reading } from './language.ts';
import { createJob, type OnChronos, removeJob, waitForJob } from './on-chronos.ts';
import { createGroup, removeGroup, timeoutReason, waitForApps } from './on-marathon.ts';
import { reasonOf } from './refusals.ts';
import { Failure, type Run, type WorkflowRuns } from './run.ts';
import type { Store } from './store.ts';

export interface Workflows {
  /** Brings a new deployment to where it belongs. */
  create(id: string, reading: Reading): void;
  /** Takes away what a deployment has made, then the deployment. */
  remove(id: string): void;
}

interface WorkflowOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly runs: WorkflowRuns;
  readonly marathon: () => Service;
  readonly chronos: () => OnChronos;
  /** Whether any agent has GPUs. */
  readonly hasGpus: boolean;
  /** Where the services of apps answer; none where nothing balances load. */
  readonly loadBalancerIps: readonly string[];
  /** Tells the address that the client has left, if any. */
  readonly notify: (deployment: Deployment) => void;
}

const minutes = 60_000;
/** How long one provider has when the client does not say, in minutes. */
const defaultProviderTimeout = 14_400;
/** Clients that ask right after a DELETE see that it goes on; the real one looks for the end 30 s later. In milliseconds. */
const leastRemoval = 250;
/** The load balancer opens service ports a moment after tasks run; outputs are for use at once. In milliseconds. */
const portsOpenWithin = 250;
const ranOutOfTime = 'Timeout: Maximum execution time exceeded.';

export function createWorkflows(options: WorkflowOptions): Workflows {
  const { store, clock, runs, marathon, chronos, hasGpus, loadBalancerIps, notify } = options;

  const tell = (id: string) => {
    const deployment = store.deployments.get(id);
    if (deployment !== undefined) notify(deployment);
  };

  function fail(id: string, expected: Deployment['status'], statusReason: string): void {
    const isExpected = store.deployments.get(id)?.status === expected;
    const failed = expected === 'CREATE_IN_PROGRESS' ? 'CREATE_FAILED' : 'DELETE_FAILED';
    store.change(id, { status: isExpected ? failed : 'UNKNOWN', statusReason });
    store.setState(id, 'ERROR');
    tell(id);
  }

  async function create(id: string, reading: Reading, run: Run): Promise<void> {
    const deployment = store.deployments.get(id);
    if (deployment === undefined) return;
    const provider = providerOf(reading, hasGpus);
    if (provider === undefined) {
      return fail(id, 'CREATE_IN_PROGRESS', 'No cloud provider meets the deployment requirements');
    }
    if (deployment.provider === undefined) store.change(id, { provider });
    try {
      const outputs = await bring(deployment, provider, reading, run);
      store.change(id, { status: 'CREATE_COMPLETE', task: 'NONE', outputs });
      store.setState(id, 'STARTED');
      tell(id);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.message === ranOutOfTime) return fail(id, 'CREATE_IN_PROGRESS', error.message);
      await takeAway(id, provider, run).catch((second: unknown) => {
        if (!(second instanceof Failure)) throw second;
      });
      const service = `Cloud Provider <${providerName}>\nCloud Provider Service <${serviceId(provider)}>`;
      const causes = `\n${'-'.repeat(64)}\n${service}\n\n${error.message}`;
      fail(id, 'CREATE_IN_PROGRESS', `Retries on cloud providers exhausted. Error list is:\n${causes}`);
    }
  }

  /** Resolves to the outputs when all runs. */
  async function bring(deployment: Deployment, provider: Provider, reading: Reading, run: Run) {
    const {
      id,
      createdAt,
      parameters,
      timeoutMins = Infinity,
      providerTimeoutMins = defaultProviderTimeout,
    } = deployment;
    const { plan } = reading;
    const reason = reasonOf(reading, provider, parameters);
    const began = clock.now();
    const timed: Run = {
      pause: run.pause,
      until: ask =>
        run.until(async () => {
          if (clock.now() >= createdAt + timeoutMins * minutes) throw new Failure(ranOutOfTime);
          if (clock.now() >= began + providerTimeoutMins * minutes) {
            throw new Failure(
              provider === 'MARATHON'
                ? await timeoutReason(marathon(), plan)
                : 'Chronos service timeout during deployment',
            );
          }
          return ask();
        }),
    };
    if (provider === 'MARATHON') {
      if (reason !== undefined) throw new Failure(reason);
      name(id, ({ nodeName }) => (plan.marathon?.apps.some(app => app.id === nodeName) ? nodeName : undefined));
      store.change(id, { physicalId: id });
      await createGroup(marathon(), plan);
      tell(id);
      const apps = await waitForApps(marathon(), plan, timed);
      await run.pause(portsOpenWithin);
      return outputsOf(reading, apps);
    }
    store.change(id, { task: 'DEPLOYER', physicalId: '<NO_ENDPOINT>' });
    if (reason !== undefined) throw new Failure(reason);
    name(id, resource => (plan.chronos.some(job => job.name === resource.id) ? resource.id : undefined));
    for (const job of plan.chronos) {
      await createJob(chronos(), job);
      store.setState(id, 'CREATED', [job.name]);
    }
    tell(id);
    for (const job of plan.chronos) {
      store.setState(id, 'CONFIGURING', [job.name]);
      await waitForJob(chronos(), job.name, timed);
      store.setState(id, 'STARTED', [job.name]);
    }
    return outputsOf(reading, new Map());
  }

  /** Notes what the resources are known by where they are deployed. */
  function name(id: string, physicalId: (resource: Deployment['resources'][number]) => string | undefined): void {
    const { resources = [] } = store.deployments.get(id) ?? {};
    store.change(id, {
      resources: resources.map(resource => {
        const known = physicalId(resource);
        return known === undefined || known === resource.physicalId
          ? resource
          : { ...resource, physicalId: known, updatedAt: clock.now() };
      }),
    });
  }

  function outputsOf({ plan }: Reading, apps: Parameters<typeof resolveOutputs>[1]) {
    const profile = { name: providerName, release: plan.release, loadBalancerIps };
    const { values, missing } = resolveOutputs(plan, apps, profile);
    const reasons = Object.keys(missing).map(output => [
      output,
      `Failed to evaluate outputs[${output}][value]: Value not found`,
    ]);
    return { ...values, ...Object.fromEntries(reasons) };
  }

  async function takeAway(id: string, provider: Provider, run: Run): Promise<void> {
    if (provider === 'MARATHON') return removeGroup(marathon(), id, run);
    for (const resource of store.deployments.get(id)?.resources ?? []) {
      if (!resource.nodeType.endsWith('.Docker.Chronos') || resource.state === 'DELETING') continue;
      store.setState(id, 'DELETING', [resource.id]);
      await removeJob(chronos(), resource.id);
    }
  }

  async function remove(id: string, run: Run): Promise<void> {
    const provider = store.deployments.get(id)?.provider;
    try {
      await run.pause(leastRemoval);
      if (provider !== undefined) await takeAway(id, provider, run);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return fail(id, 'DELETE_IN_PROGRESS', error.message);
    }
    if (store.deployments.get(id)?.status === 'DELETE_IN_PROGRESS') store.remove(id);
    else {
      store.change(id, { status: 'UNKNOWN' });
      store.setState(id, 'ERROR');
    }
  }

  return {
    create: (id, reading) => runs.start(id, run => create(id, reading, run)),
    remove: id => runs.start(id, run => remove(id, run)),
  };
}

/** Where a template is deployed; undefined where nothing here can do it. */
function providerOf({ kind, plan }: Reading, hasGpus: boolean): Provider | undefined {
  if (kind !== 'Marathon' && kind !== 'Chronos') return undefined;
  const all = [...(plan.marathon?.apps ?? []), ...plan.chronos];
  if (!hasGpus && all.some(({ gpus }) => gpus !== undefined)) return undefined;
  return kind === 'Marathon' ? 'MARATHON' : 'CHRONOS';
}
