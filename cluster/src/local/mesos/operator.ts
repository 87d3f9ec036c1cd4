// What operators do to the master through v0: teardown, quota, weights, maintenance, reservations and volumes. What it stands for is in
// settings.ts. Texts and checks: mesos 0.28.0, 1.1.0, 1.5.0 src/master/{http,quota_handler,weights_handler,maintenance}.cpp.
import type { Answer, Request } from '../http.ts';
import { add, nothing } from './agents.ts';
import type { Mesos } from './mesos.ts';
import type { MachineId, MaintenanceWindow, Quota } from './settings.ts';

type Fields = Readonly<Record<string, unknown>>;

const done: Answer = { status: 200, text: '' };
const bad = (text: string): Answer => ({ status: 400, text });
const conflict = (text: string): Answer => ({ status: 409, text });
/** Answers of calls that the real one would refuse to a principal without the right. */
const forbidden = (text: string): Answer => ({ status: 403, text });

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export function teardown(mesos: Mesos, { body }: Request): Answer {
  const id = new URLSearchParams(body).get('frameworkId');
  if (id === null) return bad("Missing 'frameworkId' query parameter");
  return mesos.teardown(id) ? done : bad('No framework found with specified ID');
}

/** 0.28 only: a monitor's word about hosts, which nobody acts upon. */
export function observe({ body }: Request): Answer {
  const form = new URLSearchParams(body);
  const monitor = form.get('monitor');
  const hosts = form.get('hosts');
  if (monitor === null) return bad("Missing value for 'monitor'");
  if (hosts === null || hosts.trim() === '') return bad("Missing value for 'hosts'");
  const isHealthy = (form.get('level') ?? 'ok').toLowerCase() === 'ok';
  return {
    status: 200,
    json: { monitor: monitor.trim(), hosts: hosts.split(',').map(each => each.trim()), isHealthy },
  };
}

export const quotaStatus = ({ settings }: Mesos): Fields => ({ infos: [...settings.quotas.values()] });

export function postQuota(mesos: Mesos, { body }: Request): Answer {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch (error) {
    return bad(`Failed to parse set quota request JSON '${body}': ${error instanceof Error ? error.message : error}`);
  }
  return setQuota(mesos, request);
}

export function setQuota({ settings, agents, release }: Mesos, request: unknown): Answer {
  const { role, guarantee, force } = fields(request);
  const refused = (text: string) => bad(`Failed to validate set quota request: ${text}`);
  if (typeof role !== 'string' || role === '') return refused('QuotaInfo must specify a role');
  if (!Array.isArray(guarantee) || guarantee.length === 0) return refused("QuotaInfo with empty 'guarantee'");
  const wanted = { ...nothing };
  for (const each of guarantee) {
    const { name, type, scalar } = fields(each);
    const { value } = fields(scalar);
    if (type !== 'SCALAR' || typeof value !== 'number')
      return refused('QuotaInfo must not include non-scalar resources');
    if (name === 'cpus' || name === 'mem' || name === 'disk' || name === 'gpus') wanted[name] += value;
  }
  if (role === '*' && release.mesos !== '0.28.0')
    return refused("Setting quota for the default '*' role is not supported");
  if (settings.quotas.has(role)) return refused(`Cannot set quota for role '${role}' which already has quota`);
  const total = agents.reduce((sum, agent) => add(sum, agent.total), nothing);
  const tooMuch = (['cpus', 'mem', 'disk', 'gpus'] as const).some(name => wanted[name] > total[name]);
  if (force !== true && tooMuch) {
    return conflict(
      'Heuristic capacity check for set quota request failed: Not enough available cluster capacity to reasonably satisfy quota request; the force flag can be used to override this check',
    );
  }
  settings.quotas.set(role, { role, guarantee: guarantee as Quota['guarantee'] });
  settings.keep();
  return done;
}

export function removeQuota({ settings }: Mesos, role: string, path: string): Answer {
  if (!settings.quotas.delete(role))
    return bad(`Failed to remove quota for path '${path}': Role '${role}' has no quota set`);
  settings.keep();
  return done;
}

export const weightInfos = ({ settings }: Mesos): Fields[] =>
  [...settings.weights].map(([role, weight]) => ({ role, weight }));

export function putWeights(mesos: Mesos, { body }: Request): Answer {
  let list: unknown;
  try {
    list = JSON.parse(body);
  } catch (error) {
    return bad(
      `Failed to parse update weights request JSON ('${body}'): ${error instanceof Error ? error.message : error}`,
    );
  }
  if (!Array.isArray(list)) return bad(`Failed to parse update weights request JSON ('${body}'): not an array`);
  return updateWeights(mesos, list);
}

export function updateWeights({ settings }: Mesos, list: readonly unknown[]): Answer {
  const weights: [string, number][] = [];
  for (const each of list) {
    const { role, weight } = fields(each);
    if (typeof role !== 'string' || typeof weight !== 'number') {
      return bad(
        `Failed to convert weights JSON array to protobuf ('${JSON.stringify(list)}'): role and weight are wanted`,
      );
    }
    const name = role.trim();
    const wrong = /[\s/]|^-|^\.{1,2}$|^$/.test(name);
    const text = 'Failed to validate update weights request JSON';
    if (wrong) return bad(`${text}: Invalid role '${name}': it is empty, or holds what a role must not`);
    if (weight <= 0) return bad(`${text} for role '${name}': Invalid weight '${weight}': Weights must be positive`);
    weights.push([name, weight]);
  }
  for (const [role, weight] of weights) settings.weights.set(role, weight);
  settings.keep();
  return done;
}

export const schedule = ({ settings }: Mesos): Fields =>
  settings.windows.length === 0 ? {} : { windows: settings.windows };

export function postSchedule(mesos: Mesos, { body }: Request): Answer {
  const request = parsed(body);
  return request === undefined ? bad('Failed to parse body into JSON: syntax error') : updateSchedule(mesos, request);
}

export function updateSchedule({ settings }: Mesos, request: unknown): Answer {
  const { windows = [] } = fields(request);
  if (!Array.isArray(windows)) return bad("Failed to convert JSON into Schedule protobuf: 'windows' is not an array");
  const seen: MachineId[] = [];
  for (const window of windows) {
    const { machine_ids: machines, unavailability } = fields(window);
    if (!Array.isArray(machines) || machines.length === 0)
      return bad('List of machines in the maintenance window is empty');
    if (unavailability === undefined) return bad('Missing unavailability of a maintenance window');
    for (const machine of machines as MachineId[]) {
      const problem = wrongMachine(machine);
      if (problem !== undefined) return bad(problem);
      if (includes(seen, machine)) return bad(`Machine '${nameOf(machine)}' appears more than once in the schedule`);
      seen.push(machine);
    }
  }
  const left = settings.down.find(machine => !includes(seen, machine));
  if (left !== undefined) {
    return bad(`Machine '${nameOf(left)}' is deactivated and cannot be removed from the schedule`);
  }
  settings.windows = windows as MaintenanceWindow[];
  settings.keep();
  return done;
}

/** Machines of the schedule drain until they are put down. */
export function maintenanceStatus({ settings }: Mesos): Fields {
  const draining = scheduled(settings.windows).filter(machine => !includes(settings.down, machine));
  return {
    ...(draining.length === 0 ? {} : { draining_machines: draining.map(id => ({ id })) }),
    ...(settings.down.length === 0 ? {} : { down_machines: settings.down }),
  };
}

export function postMachines(mesos: Mesos, body: string, change: (mesos: Mesos, machines: unknown) => Answer): Answer {
  const request = parsed(body);
  return request === undefined ? bad('Failed to parse body into JSON: syntax error') : change(mesos, request);
}

/** Agents on machines that are put down are lost. */
export function machinesDown(mesos: Mesos, machines: unknown): Answer {
  return changeMachines(machines, machine => {
    const { settings } = mesos;
    if (!includes(scheduled(settings.windows), machine))
      return `Machine '${nameOf(machine)}' is not part of a maintenance schedule`;
    if (includes(settings.down, machine)) {
      return `Machine '${nameOf(machine)}' is not in DRAINING mode and cannot be brought down`;
    }
    return () => {
      settings.down.push(machine);
      for (const n of agentsOn(mesos, machine)) mesos.agentDown(n);
    };
  });
}

/** They leave the schedule, and their agents register again. */
export function machinesUp(mesos: Mesos, machines: unknown): Answer {
  return changeMachines(machines, machine => {
    const { settings } = mesos;
    if (!includes(scheduled(settings.windows), machine))
      return `Machine '${nameOf(machine)}' is not part of a maintenance schedule`;
    if (!includes(settings.down, machine))
      return `Machine '${nameOf(machine)}' is not in DOWN mode and cannot be brought up`;
    return () => {
      settings.down.splice(
        settings.down.findIndex(each => same(each, machine)),
        1,
      );
      settings.windows = settings.windows
        .map(window => ({ ...window, machine_ids: window.machine_ids.filter(each => !same(each, machine)) }))
        .filter(window => window.machine_ids.length > 0);
      for (const n of agentsOn(mesos, machine)) mesos.agentUp(n);
    };
  });
}

/** All or none. */
function changeMachines(machines: unknown, change: (machine: MachineId) => string | (() => void)): Answer {
  if (!Array.isArray(machines) || machines.length === 0) return bad('List of machines is empty');
  const steps: (() => void)[] = [];
  for (const machine of machines as MachineId[]) {
    const step = wrongMachine(machine) ?? change(machine);
    if (typeof step === 'string') return bad(step);
    steps.push(step);
  }
  for (const step of steps) step();
  return done;
}

const agentsOn = (mesos: Mesos, { hostname, ip }: MachineId): number[] =>
  mesos.setups.flatMap((setup, n) => (setup.hostname === hostname || setup.hostname === ip ? [n] : []));

const scheduled = (windows: readonly MaintenanceWindow[]): MachineId[] =>
  windows.flatMap(window => [...window.machine_ids]);
const same = (a: MachineId, b: MachineId): boolean => a.hostname === b.hostname && a.ip === b.ip;
const includes = (list: readonly MachineId[], machine: MachineId): boolean => list.some(each => same(each, machine));
const nameOf = ({ hostname, ip }: MachineId): string => hostname ?? ip ?? '';

const wrongMachine = (machine: unknown): string | undefined => {
  const { hostname, ip } = fields(machine);
  return typeof hostname === 'string' || typeof ip === 'string'
    ? undefined
    : "Both 'hostname' and 'ip' for a machine are empty";
};

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** /reserve, /unreserve, /create-volumes, /destroy-volumes: the parameters are looked at, then the right is missing. */
export function changeReservations(mesos: Mesos, { body }: Request, list: 'resources' | 'volumes'): Answer {
  const form = new URLSearchParams(body);
  const agentId = form.get('slaveId');
  if (agentId === null) return bad("Missing 'slaveId' query parameter");
  const old = mesos.release.mesos === '0.28.0';
  if (!mesos.agents.some(({ id }) => id === agentId))
    return bad(`No ${old ? 'slave' : 'agent'} found with specified ID`);
  const text = form.get(list);
  if (text === null) return bad(`Missing '${list}' query parameter`);
  if (!Array.isArray(parsed(text))) return bad(`Error in parsing '${list}' query parameter: it is no JSON array`);
  return reservationsRefused;
}

export const reservationsRefused = forbidden(
  'The local cluster keeps the reservations with which it was started (--resources), and has no persistent volumes.',
);
