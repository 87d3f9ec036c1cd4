// `tosca-mesos local --agent-down N` and `--agent-up N`: takes an agent of the running local cluster away, and lets it come back.
import { localAddressFile, readLocalAddress } from '../../cluster/src/local-address.ts';
import type { Terminal } from './main.ts';

/** The exit code of a command line that switches an agent; undefined when it is another. */
export async function switchAgent(
  args: readonly string[],
  { env, stdout, stderr }: Terminal,
): Promise<number | undefined> {
  const [, verb, number] = /^--agent-(down|up)(?:[ =](.*))?$/s.exec(args.join(' ')) ?? [];
  if (verb === undefined) return undefined;
  if (number === undefined || !/^\d{1,4}$/.test(number)) {
    stderr(`--agent-${verb} wants the number of an agent, the first is 1.\n`);
    return 2;
  }
  const address = await readLocalAddress(localAddressFile(env));
  if (address === undefined) {
    stderr('The local cluster is not running: start it with `tosca-mesos local`.\n');
    return 2;
  }
  const url = `${address.mesos}/local/agents/${number}/${verb}`;
  const { login } = address.access ?? {};
  const headers = login === undefined ? {} : { authorization: `Basic ${btoa(`${login.user}:${login.password}`)}` };
  const answer = await fetch(url, { method: 'POST', headers }).catch(() => undefined);
  if (answer === undefined) {
    stderr(`The local cluster does not answer at ${address.mesos}: start it again with \`tosca-mesos local\`.\n`);
    return 1;
  }
  const { message, hostname } = (await answer.json()) as { message?: string; hostname?: string };
  if (answer.ok) stdout(`Agent ${number} (${hostname}) is ${verb}.\n`);
  else stderr(`${message}\n`);
  return answer.ok ? 0 : 1;
}
