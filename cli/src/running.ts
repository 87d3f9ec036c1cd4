// `tosca-mesos local --status` and `--reset`: the local cluster that runs, asked and told over HTTP.
import { askJson } from '../../cluster/src/connect/request.ts';
import type { Look } from '../../cluster/src/local/page/look.ts';
import { type LocalAddress, localAddressFile, readLocalAddress } from '../../cluster/src/local-address.ts';
import { resetLocal } from '../../cluster/src/local-reset.ts';
import { columns } from './columns.ts';
import type { Terminal } from './main.ts';

const running = ({ env }: Terminal): Promise<LocalAddress | undefined> => readLocalAddress(localAddressFile(env));

const notRunning = 'The local cluster is not running: start it with `tosca-mesos local`.\n';

export async function showRunning(terminal: Terminal): Promise<number> {
  const address = await running(terminal);
  if (address === undefined) {
    terminal.stdout(notRunning);
    return 3;
  }
  const { pid, release, startedAt, executor, stateDir, log, mesos, access } = address;
  const endpoint = { service: 'Mesos' as const, url: mesos, ...(access === undefined ? {} : { access }) };
  let look: Look;
  try {
    look = await askJson(endpoint, { path: '/local/state' }, { signal: terminal.signal }, value => value as Look);
  } catch (error) {
    terminal.stderr(
      `The local cluster (process ${pid}) does not answer: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  }
  const alive = look.tasks.filter(({ ended }) => !ended);
  const of = (framework: string) => alive.filter(task => task.framework.startsWith(framework)).length;
  const rows = [
    [
      'Release',
      `${release} (Mesos ${look.versions.mesos}, Marathon ${look.versions.marathon}, Chronos ${look.versions.chronos})`,
    ],
    ['Process', `${pid}${startedAt === undefined ? '' : `, since ${startedAt}`}`],
    [
      'Marathon',
      `${address.marathon}, apps: ${look.apps.length}, tasks: ${of('marathon')}, deployments: ${look.deployments.length}`,
    ],
    ['Chronos', `${address.chronos}, jobs: ${look.jobs.length}, tasks: ${of('chronos')}`],
    ['Mesos', `${mesos}, agents: ${look.agents.length}`],
    ['Orchestrator', `${address.orchestrator}, deployments: ${look.orchestrated.length}`],
    ['Executor', executor ?? 'auto'],
    ['Folder', stateDir ?? ''],
    ['Log', log ?? 'standard error'],
  ];
  terminal.stdout(`${columns(rows).join('\n')}\n`);
  return 0;
}

export async function resetRunning(terminal: Terminal): Promise<number> {
  const address = await running(terminal);
  if (address === undefined) {
    terminal.stdout(notRunning);
    return 3;
  }
  try {
    await resetLocal(address);
  } catch (error) {
    terminal.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  terminal.stdout('The local cluster has forgotten everything and goes on at the same addresses.\n');
  return 0;
}
