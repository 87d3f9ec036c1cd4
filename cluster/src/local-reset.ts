// Takes everything from the running local cluster, without stopping it. How it does that is in local/.
import { ask } from './connect/request.ts';
import type { LocalAddress } from './local-address.ts';

/** Tasks get their grace to end in before what they were part of is gone, in milliseconds. */
const within = 30_000;

/** Resolves when the cluster is as it was when it was first started. Rejects with a ClusterError. */
export async function resetLocal({ mesos, access }: LocalAddress): Promise<void> {
  await ask(
    { service: 'Mesos', url: mesos, ...(access === undefined ? {} : { access }) },
    { method: 'POST', path: '/local/reset' },
    { timeoutMs: within },
  );
}
