// What no Mesos has: agents that go down and come back on command. POST /local/agents/{n}/down and /up, agents counted from 1.
import type { Answer, Route } from '../http.ts';
import type { Mesos } from './mesos.ts';

export function localRoutes(mesos: Mesos): Route[] {
  const change = (verb: 'down' | 'up', act: (n: number) => boolean, not: string): Route => ({
    method: 'POST',
    pattern: new RegExp(`^/local/agents/(?<n>\\d{1,4})/${verb}$`),
    handle({ params }): Answer {
      const n = Number(params.n) - 1;
      const setup = mesos.setups[n];
      const count = mesos.setups.length;
      if (setup === undefined) {
        return { status: 404, json: { message: `There is no agent ${n + 1}: there are agents 1 to ${count}.` } };
      }
      if (!act(n)) return { status: 409, json: { message: `Agent ${n + 1} (${setup.hostname}) ${not}.` } };
      return { status: 200, json: { agent: n + 1, hostname: setup.hostname, id: mesos.agentAt(n)?.id ?? null } };
    },
  });
  return [
    change('down', mesos.agentDown, 'is down already'),
    change('up', mesos.agentUp, 'is not down, or has been marked gone'),
  ];
}
