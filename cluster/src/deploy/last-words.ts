// The last thing that a failed task wrote: often all that is needed to see why. Best effort, and quick about it.
import type { Endpoint } from '../connect/endpoint.ts';
import { endpointOf } from '../connect/endpoint.ts';
import { ClusterError } from '../connect/error.ts';
import { readMesos } from '../live/read.ts';
import { fileSize, readFile } from '../mesos/files.ts';
import { locateSandbox } from '../mesos/sandbox.ts';
import type { Profile } from '../profile.ts';

const timeoutMs = 3_000;
const lastBytes = 2_000;

/** A sentence to append, with the last line of the task's stderr; empty when there is none to be had. */
export async function lastWords(profile: Profile, taskId: string): Promise<string> {
  return attempt(profile, mesos => ofTask(mesos, taskId));
}

/** The same for the newest run of a job. */
export async function lastWordsOfJob(profile: Profile, job: string): Promise<string> {
  return attempt(profile, async mesos => {
    const [newest] = (await readMesos(mesos, { timeoutMs })).runs[job] ?? [];
    return newest === undefined ? '' : ofTask(mesos, newest);
  });
}

async function attempt(profile: Profile, read: (mesos: Endpoint) => Promise<string>): Promise<string> {
  if (profile.mesos === undefined) return '';
  try {
    const line = await read(endpointOf(profile, 'mesos'));
    return line === '' ? '' : ` The last line of its stderr: ${line}`;
  } catch (error) {
    if (error instanceof ClusterError) return '';
    throw error;
  }
}

async function ofTask(mesos: Endpoint, taskId: string): Promise<string> {
  const sandbox = await locateSandbox(mesos, taskId, { timeoutMs });
  const size = await fileSize(sandbox, 'stderr', { timeoutMs });
  const { bytes } = await readFile(sandbox, 'stderr', Math.max(0, size - lastBytes), lastBytes, { timeoutMs });
  const lines = bytes
    .toString('utf8')
    .split(/\r?\n/)
    .map(line => line.trim());
  return lines.findLast(line => line !== '')?.slice(-300) ?? '';
}
