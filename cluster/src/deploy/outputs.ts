// The outputs of a plan once it runs: what only the running deployment knows is put in its place.
import type { Json, Plan } from '../../../protocol/src/plan.ts';
import type { App } from '../marathon/answers.ts';
import type { Profile } from '../profile.ts';

export interface Outputs {
  readonly values: Readonly<Record<string, Json>>;
  /** By output: why it has no value. */
  readonly missing: Readonly<Record<string, string>>;
}

/** Where an app answers: `host` and its ports, in the order of the template's `publish_ports`. */
export interface Address {
  readonly host: string;
  readonly ports: readonly number[];
}

/** A load balancer serves the service ports; without one, a running task answers on its host ports. */
export function addressOf(app: App, profile: Profile): Address | undefined {
  const [balancer] = profile.loadBalancerIps ?? [];
  if (balancer !== undefined) return { host: balancer, ports: app.servicePorts };
  const task = app.tasks.find(({ state, ports }) => state === 'TASK_RUNNING' && ports.length > 0);
  return task === undefined ? undefined : { host: task.host, ports: task.ports };
}

/** @param apps By the name of their node template. */
export function resolveOutputs(plan: Plan, apps: ReadonlyMap<string, App>, profile: Profile): Outputs {
  const values: Record<string, Json> = {};
  const missing: Record<string, string> = {};
  for (const [name, output] of Object.entries(plan.outputs)) {
    try {
      values[name] = resolve(output, path => attribute(path, plan, apps, profile));
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      missing[name] = error.message;
    }
  }
  return { values, missing };
}

/** Ends the evaluation of one output. */
class Unknown extends Error {}

type Path = readonly Json[];

function resolve(value: Json, get: (path: Path) => Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(item => resolve(item, get));
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', null], ...others] = Object.entries(value as Readonly<Record<string, Json>>);
  if (others.length === 0 && Array.isArray(argument)) {
    if (key === 'get_attribute') return get(argument as Path);
    if (key === 'concat') {
      const parts = (argument as Path).map(part => resolve(part, get));
      const whole = parts.find(part => typeof part === 'object');
      if (whole !== undefined) throw new Unknown('concat joins texts and numbers only.');
      return parts.join('');
    }
    if (key === 'token') return token((argument as Path).map(part => resolve(part, get)));
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item as Json, get)]));
}

function token([text, separator, index]: Path): Json {
  const part =
    typeof text === 'string' && typeof separator === 'string' ? text.split(separator)[Number(index)] : undefined;
  if (part === undefined) throw new Unknown('token finds no such part.');
  return part;
}

/**
 * What INDIGO's Orchestrator fills in (MarathonServiceImpl): `[<app>, load_balancer_ips(, i)]` and
 * `[<host node>, host, publish_ports, i, target]`. Without a load balancer, whose service ports nobody would serve, both
 * together are the address of a running task.
 */
function attribute(path: Path, plan: Plan, apps: ReadonlyMap<string, App>, profile: Profile): Json {
  const [node, name, index] = path;
  const unknown = () => new Unknown(`get_attribute [${path.join(', ')}] has no value in this deployment.`);
  if (typeof node !== 'string') throw unknown();
  if (name === 'load_balancer_ips' && path.length <= 3) {
    const app = apps.get(node);
    if (app === undefined) throw unknown();
    const address = addressOf(app, profile);
    const ips = profile.loadBalancerIps?.length ? profile.loadBalancerIps : address === undefined ? [] : [address.host];
    const value = index === undefined ? ips : ips[Number(index)];
    if (value === undefined) throw unknown();
    return value;
  }
  if (path.length === 5 && name === 'host' && index === 'publish_ports' && path[4] === 'target') {
    // Where apps share a host node, the last one is meant.
    const hosted = Object.entries(plan.hosts).findLast(([app, host]) => host === node && apps.has(app));
    const app = hosted === undefined ? undefined : apps.get(hosted[0]);
    const port = app === undefined ? undefined : addressOf(app, profile)?.ports[Number(path[3])];
    if (port === undefined) throw unknown();
    return port;
  }
  throw unknown();
}
