// The options of `tosca-mesos local` that say what the cluster is like: read, and found wrong in one sentence.
import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { parseArgs } from 'node:util';
import { type Credentials, readCredentials } from '../../cluster/src/local/credentials.ts';
import { executorKinds } from '../../cluster/src/local/executors/open.ts';
import type { Certificate } from '../../cluster/src/local/http.ts';
import { featureNames } from '../../cluster/src/local/marathon/features.ts';
import { loadBalancerKinds } from '../../cluster/src/local/reach/load-balancer.ts';
import type { LocalClusterOptions } from '../../cluster/src/local/start.ts';
import type { Release } from '../../protocol/src/plan.ts';

const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

export interface CommandOptions extends LocalClusterOptions {
  readonly detach: boolean;
  /** Absolute. */
  readonly logFile?: string;
}

/** The options, `help` where that is asked for, or one sentence that says what is wrong with them. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): CommandOptions | string {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  let values: Values;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        ...{
          release: text,
          agents: text,
          cpus: text,
          mem: text,
          gpus: text,
          'port-base': text,
          state: text,
          executor: text,
          'enable-features': text,
          resources: texts,
          attributes: texts,
          'mesos-role': text,
          'load-balancer': text,
          'http-port': text,
          listen: text,
          credentials: text,
          'credentials-file': text,
          'tls-cert': text,
          'tls-key': text,
          'clock-rate': text,
          log: text,
        },
        ...{ tls: flag, detach: flag, help: { type: 'boolean', short: 'h' } },
      },
    }).values;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} See tosca-mesos local --help.`;
  }
  if (values.help === true) return 'help';
  const release = releases.find(each => each === values.release);
  if (values.release !== undefined && release === undefined)
    return `There is no release "${values.release}": ${releases.join(', ')}.`;
  const executor = executorKinds.find(each => each === values.executor);
  if (values.executor !== undefined && executor === undefined)
    return `There is no executor "${values.executor}": ${executorKinds.join(', ')}.`;
  const wanted = values['enable-features'] === undefined ? [] : String(values['enable-features']).split(',');
  const features = featureNames.filter(each => wanted.includes(each));
  const unknown = wanted.find(each => !featureNames.some(name => name === each));
  if (unknown !== undefined) return `Marathon has no feature "${unknown}": ${featureNames.join(', ')}.`;
  const loadBalancer = loadBalancerKinds.find(each => each === values['load-balancer']);
  if (values['load-balancer'] !== undefined && loadBalancer === undefined)
    return `There is no load balancer "${values['load-balancer']}": ${loadBalancerKinds.join(', ')}.`;
  const numbers: Record<string, number> = {};
  for (const [name, least, most, whole] of limits) {
    const given = values[name];
    if (given === undefined) continue;
    const value = Number(given);
    if (
      given === '' ||
      !Number.isFinite(value) ||
      value < least ||
      value > most ||
      (whole && !Number.isInteger(value))
    ) {
      return `--${name} wants a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${given}".`;
    }
    numbers[name] = value;
  }
  const { agents, cpus, mem, gpus, 'port-base': portBase, 'http-port': httpPort } = numbers;
  if (portBase !== undefined && portBase + 4 + (agents ?? 1) > 65_536)
    return `--port-base ${portBase} leaves no room for the ports after it.`;
  const credentials = credentialsOf(values, env);
  if (typeof credentials === 'string') return credentials;
  const tls = tlsOf(values);
  if (typeof tls === 'string' && tls !== 'own') return tls;
  const clockRate = numbers['clock-rate'];
  return {
    detach: values.detach === true,
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { tls }),
    ...(clockRate === undefined ? {} : { clockRate }),
    ...(typeof values.listen === 'string' ? { listen: values.listen } : {}),
    ...(typeof values.log === 'string' ? { logFile: path.resolve(home(values.log)) } : {}),
    ...(release === undefined ? {} : { release }),
    ...(executor === undefined ? {} : { executor }),
    ...(features.length === 0 ? {} : { marathonFeatures: features }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(agents === undefined ? {} : { agents }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(mem === undefined ? {} : { mem }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(portBase === undefined ? {} : { portBase }),
    ...(Array.isArray(values.resources) ? { resources: values.resources } : {}),
    ...(Array.isArray(values.attributes) ? { attributes: values.attributes } : {}),
    ...(typeof values['mesos-role'] === 'string' ? { mesosRole: values['mesos-role'] } : {}),
    ...(typeof values.state === 'string' ? { stateDir: path.resolve(home(values.state)) } : {}),
  };
}

const home = (file: string): string => file.replace(/^~(?=\/|$)/, os.homedir());

type Values = Partial<Record<string, string | boolean | string[]>>;

/** The name of the variable that holds what ps should not show. */
export const credentialsVariable = 'TOSCA_MESOS_LOCAL_CREDENTIALS';

function credentialsOf(values: Values, env: NodeJS.ProcessEnv): Credentials | string | undefined {
  const file = values['credentials-file'];
  let text = values.credentials ?? env[credentialsVariable];
  if (typeof file === 'string') {
    try {
      if (process.platform !== 'win32' && (statSync(home(file)).mode & 0o077) !== 0)
        return `Others can read ${file}: take that from them with chmod 600.`;
      text = readFileSync(home(file), 'utf8');
    } catch (error) {
      return `The file of --credentials-file cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    }
  }
  return typeof text === 'string' && text !== '' ? readCredentials(text) : undefined;
}

/** `own`, the certificate that was given, or one sentence that says what is wrong. */
function tlsOf(values: Values): 'own' | Certificate | string | undefined {
  const [cert, key] = [values['tls-cert'], values['tls-key']];
  if (cert === undefined && key === undefined) return values.tls === true ? 'own' : undefined;
  if (typeof cert !== 'string' || typeof key !== 'string')
    return 'A certificate needs its key: give both --tls-cert FILE and --tls-key FILE.';
  try {
    const given = { cert: readFileSync(home(cert), 'utf8'), key: readFileSync(home(key), 'utf8') };
    createSecureContext(given);
    return given;
  } catch (error) {
    return `The certificate ${cert} with the key ${key} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Name, least, most, whether whole. */
const limits: readonly (readonly [string, number, number, boolean])[] = [
  ['agents', 1, 100, true],
  ['cpus', 0.01, 10_000, false],
  ['mem', 1, 100_000_000, false],
  ['gpus', 0, 1000, true],
  ['port-base', 0, 65_000, true],
  ['http-port', 0, 65_535, true],
  ['clock-rate', 0.01, 10_000, false],
];
