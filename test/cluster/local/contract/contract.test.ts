// Every endpoint of the table in docs/local-cluster.md has contracts for each release, and every contract a row there.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Release } from '../../../../protocol/src/plan.ts';
import { startTestCluster, type TestCluster } from '../local.ts';
import * as chronos from './chronos.ts';
import { type Contract, violations } from './contract.ts';
import * as marathon from './marathon.ts';
import * as agent from './mesos-agent.ts';
import * as master from './mesos-master.ts';
import * as orchestrator from './orchestrator.ts';

const services: Readonly<Record<string, readonly Contract[]>> = {
  Marathon: marathon.contracts,
  Chronos: chronos.contracts,
  'Mesos master': master.contracts,
  'Mesos agent': agent.contracts,
  Orchestrator: orchestrator.contracts,
};

const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

/** What a cell of the table says: the release has it; it has not; it is left out here, and refused as the real one would refuse it. */
type State = 'yes' | 'no' | 'refused';

/** By service and endpoint, what the table says of each release. */
function table(): Map<string, Map<string, Readonly<Record<Release, State>>>> {
  const page = readFileSync(new URL('../../../../docs/local-cluster.md', import.meta.url), 'utf8');
  const all = new Map<string, Map<string, Readonly<Record<Release, State>>>>();
  let service = '';
  for (const line of page.split('\n')) {
    service = /^### (.+)$/.exec(line)?.[1] ?? (line.startsWith('## ') ? '' : service);
    const cells = /^\| `([A-Z]+ \/[^`]*)` \| (yes|no|refused) \| (yes|no|refused) \| (yes|no|refused) \|/.exec(line);
    if (cells === null) continue;
    const [, endpoint = '', indigo_1, indigo_2, deep_1] = cells;
    const rows = all.get(service) ?? new Map();
    all.set(service, rows.set(endpoint, { indigo_1, indigo_2, deep_1 } as Record<Release, State>));
  }
  return all;
}

const concerns = (contract: Contract, release: Release) => contract.in === undefined || contract.in.includes(release);

describe.each(Object.entries(services))('%s', (service, contracts) => {
  test('the table has an endpoint for each contract, and a contract for each of its cells', () => {
    const rows = table().get(service);
    expect(new Set(contracts.map(({ endpoint }) => endpoint))).toEqual(new Set(rows?.keys()));
    const unheld = [...(rows ?? [])].flatMap(([endpoint, states]) =>
      releases
        .filter(release => {
          const own = contracts.filter(each => each.endpoint === endpoint && concerns(each, release));
          return !own.some(({ status }) => (states[release] === 'yes' ? status < 400 : status >= 400));
        })
        .map(release => `${endpoint} (${release})`),
    );
    expect(unheld).toEqual([]);
  });

  describe.each(releases)('%s', release => {
    let cluster: TestCluster;
    beforeAll(async () => {
      cluster = await startTestCluster({ release, executor: 'stand-in' });
    });
    afterAll(() => cluster.cluster.stop());

    test.each(
      contracts
        .filter(contract => concerns(contract, release))
        .map(contract => [`${contract.endpoint} ${contract.status} ${contract.title ?? ''}`.trim(), contract] as const),
    )('%s', async (_, contract) => {
      expect(violations(contract, await contract.ask(cluster, release), release)).toEqual([]);
    });
  });
});
