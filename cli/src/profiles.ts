// Which cluster the user means by a PROFILE: the local one, addresses on the command line, or an entry of the profiles file.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { localAddressFile, localProfile, type Profile, readProfile } from '../../cluster/src/index.ts';
import { startInBackground } from './background.ts';
import type { Terminal } from './main.ts';

export const profileHelp = `PROFILE is one of
  local                                           the local cluster of this machine (tosca-mesos local)
  marathon=URL,chronos=URL,mesos=URL[,release=R]  addresses; a part that the cluster does not have is left out
  NAME                                            an entry of the profiles file: $TOSCA_MESOS_PROFILES,
                                                  or else tosca-mesos/profiles.yaml in the user's configuration
`;

/**
 * Throws an Error with one sentence when there is no such profile, or it is not a good one.
 * @param start Whether to start the local cluster when it is meant and does not run.
 */
export async function findProfile(given: string, terminal: Terminal, start = false): Promise<Profile> {
  const { env } = terminal;
  if (given === 'local') return (await runningLocal(terminal)) ?? (await startLocal(terminal, start));
  return checked(given.includes('=') ? fromAddresses(given) : fromFile(given, profilesFile(env)));
}

const runningLocal = ({ env, signal }: Terminal) => localProfile({ signal, file: localAddressFile(env) });

async function startLocal(terminal: Terminal, start: boolean): Promise<Profile> {
  if (start) {
    await startInBackground(['--port-base', '0'], {}, terminal);
    const local = await runningLocal(terminal);
    if (local !== undefined) {
      terminal.stderr('The local cluster was started, and goes on running: stop it with `tosca-mesos local --stop`.\n');
      return local;
    }
  }
  throw new Error('The local cluster is not running: start it with `tosca-mesos local`.');
}

function checked(profile: ReturnType<typeof readProfile>): Profile {
  if ('problem' in profile) throw new Error(profile.problem);
  return profile;
}

function fromAddresses(given: string): ReturnType<typeof readProfile> {
  const members = given.split(',').map(member => {
    const at = member.indexOf('=');
    return [member.slice(0, Math.max(at, 0)).trim(), member.slice(at + 1).trim()];
  });
  return readProfile('command line', Object.fromEntries(members));
}

function profilesFile(env: NodeJS.ProcessEnv): string {
  const configuration = env.XDG_CONFIG_HOME || path.join(env.HOME || os.homedir(), '.config');
  return env.TOSCA_MESOS_PROFILES || path.join(configuration, 'tosca-mesos', 'profiles.yaml');
}

function fromFile(name: string, file: string): ReturnType<typeof readProfile> {
  const profiles = readProfiles(file);
  if (!Object.hasOwn(profiles, name)) {
    const names = ['local', ...Object.keys(profiles)].join(', ');
    throw new Error(`There is no profile "${name}" in ${file}: there are ${names}.`);
  }
  return readProfile(name, profiles[name]);
}

function readProfiles(file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(
        `The profiles file ${file} does not exist: write it, or give local, or marathon=URL,chronos=URL,mesos=URL.`,
      );
    }
    throw new Error(`The profiles file ${file} cannot be read: ${firstLine(error)}.`);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new Error(`The profiles file ${file} must be a map of names to clusters.`);
  }
  return content as Readonly<Record<string, unknown>>;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').replace(/[.:]$/, '');
}
