// A cluster as the user names it: where its parts answer, which release they are. Secrets are not here.
import type { Release } from '../../protocol/src/plan.ts';
import type { Access } from './connect/endpoint.ts';
import { ClusterError } from './connect/error.ts';
import { readLocalAddress } from './local-address.ts';
import { info } from './marathon/client.ts';

export interface Profile {
  readonly name: string;
  readonly release: Release;
  /** Base URLs without a trailing slash. A part that the cluster does not have is absent. */
  readonly marathon?: string;
  readonly chronos?: string;
  readonly mesos?: string;
  /** Directory on the agents below which local volumes lie (CMDB property `local_volumes_host_base_path`). */
  readonly localVolumesHostBasePath?: string;
  /** Addresses at which a load balancer serves the apps' service ports (CMDB property `load_balancer_ips`). */
  readonly loadBalancerIps?: readonly string[];
  /** Of the local cluster only: it is in no file and no setting. */
  readonly access?: Access;
}

const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

const parts = ['marathon', 'chronos', 'mesos'] as const;
const members = ['release', ...parts, 'localVolumesHostBasePath', 'loadBalancerIps'];

/**
 * A profile from its members as a file or a setting holds them; the release is `deep_1` unless given. `problem` is one
 * sentence about the first thing that is wrong.
 */
export function readProfile(name: string, value: unknown): Profile | { readonly problem: string } {
  const wrong = (what: string) => ({ problem: `The profile "${name}" ${what}.` });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('is not a map of its members');
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find(key => !members.includes(key));
  if (unknown !== undefined) return wrong(`has an unknown member "${unknown}": there are ${members.join(', ')}`);
  const release = given.release ?? 'deep_1';
  if (!isRelease(release)) return wrong(`has no known release: it is one of ${releases.join(', ')}`);
  const urls: { -readonly [part in (typeof parts)[number]]?: string } = {};
  for (const part of parts) {
    const url = given[part];
    if (url === undefined || url === null) continue;
    const problem = problemOfUrl(url);
    if (problem !== undefined) return wrong(`has a bad address for ${part}: ${problem}`);
    urls[part] = String(url).replace(/\/+$/, '');
  }
  if (Object.keys(urls).length === 0) return wrong('names no part of a cluster: give marathon, chronos or mesos');
  const base = given.localVolumesHostBasePath ?? undefined;
  if (base !== undefined && typeof base !== 'string') return wrong('has a localVolumesHostBasePath that is not a text');
  const ips = given.loadBalancerIps ?? undefined;
  if (ips !== undefined && !isTexts(ips)) return wrong('has loadBalancerIps that are not a list of texts');
  return {
    name,
    release,
    ...urls,
    ...(base === undefined ? {} : { localVolumesHostBasePath: base }),
    ...(ips === undefined ? {} : { loadBalancerIps: ips }),
  };
}

/** The running local cluster of this user as a profile named `local`; undefined when it does not run. */
export async function localProfile(
  options: { readonly signal?: AbortSignal; readonly file?: string } = {},
): Promise<Profile | undefined> {
  const { signal, file } = options;
  const address = await readLocalAddress(file);
  if (address === undefined) return undefined;
  const { marathon, chronos, mesos, release, loadBalancerIps, localVolumesHostBasePath, access } = address;
  const own = access === undefined ? {} : { access };
  const patience = { timeoutMs: 2_000, ...(signal === undefined ? {} : { signal }) };
  try {
    await info({ service: 'Marathon', url: marathon, ...own }, patience);
  } catch (error) {
    // The file may outlive its cluster and name the process of something else by now. A slow cluster is one that runs.
    if (!(error instanceof ClusterError) || error.code !== 'timeout') return undefined;
  }
  return {
    ...{ name: 'local', release, marathon, chronos, mesos, ...own },
    ...(loadBalancerIps === undefined ? {} : { loadBalancerIps }),
    ...(localVolumesHostBasePath === undefined ? {} : { localVolumesHostBasePath }),
  };
}

function isRelease(value: unknown): value is Release {
  return releases.some(release => release === value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function problemOfUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return 'it is not a URL such as http://10.0.0.1:8080';
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'it begins neither with http:// nor with https://';
  if (url.username !== '' || url.password !== '') return 'a user name or password does not belong into a URL';
  if (url.search !== '' || url.hash !== '') return 'it must end before "?" and "#"';
  return undefined;
}
