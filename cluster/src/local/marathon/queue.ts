// /v2/queue: what waits to be launched, since when, and why no offer fitted.
// Facts: marathon v1.4.1 and v1.5.6 api/v2/QueueResource.scala, core/launchqueue/….
import { answerApp } from './answer-app.ts';
import { answerPod } from './answer-pod.ts';
import type { App } from './app.ts';
import type { Marathon } from './marathon.ts';
import { type Reason, reasons } from './match.ts';
import { isPod } from './pod.ts';
import { counted, type Waiting } from './run.ts';

export function answerQueue(
  { runs, clock, version }: Marathon,
  query: URLSearchParams,
  timestamp: (time: number) => string,
) {
  const withOffers = version !== '1.1.1' && query.getAll('embed').includes('lastUnusedOffers');
  const queue = [...runs.all.values()].flatMap(run => {
    const { waiting } = run;
    if (waiting === undefined) return [];
    const left = Math.max(0, (run.backoff?.until ?? 0) - clock.now());
    return [
      {
        count: Math.max(1, run.target - counted(run).filter(({ killing }) => !killing).length),
        delay: { timeLeftSeconds: Math.ceil(left / 1000), overdue: left === 0 },
        ...(version === '1.1.1'
          ? {}
          : { since: timestamp(waiting.since), processedOffersSummary: summary(waiting, timestamp) }),
        ...(withOffers
          ? { lastUnusedOffers: waiting.lastUnusedOffers.map(offer => unusedOffer(offer, timestamp)) }
          : {}),
        ...(isPod(run.spec) ? { pod: answerPod(run.spec, version) } : { app: queuedApp(run.spec, version) }),
      },
    ];
  });
  return { queue };
}

/** In 1.4 the app lacks its old ports and URIs here, and whatever is not set. */
function queuedApp(app: App, version: Marathon['version']): Record<string, unknown> {
  const answer = answerApp(app, version);
  if (version !== '1.4.1') return answer;
  const { ports: _p, uris: _u, ...rest } = answer;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
}

function summary(waiting: Waiting, timestamp: (time: number) => string) {
  return {
    processedOffersCount: waiting.processed,
    unusedOffersCount: waiting.unused,
    ...(waiting.lastUnusedAt === undefined ? {} : { lastUnusedOfferAt: timestamp(waiting.lastUnusedAt) }),
    ...(waiting.lastUsedAt === undefined ? {} : { lastUsedOfferAt: timestamp(waiting.lastUsedAt) }),
    rejectSummaryLastOffers: funnel(waiting.lastRound, waiting.lastRoundOffers),
    rejectSummaryLaunchAttempt: funnel(waiting.attempt, waiting.processed),
  };
}

/** Each reason sees the offers that all before it let through. */
function funnel(declined: ReadonlyMap<Reason, number>, offers: number) {
  let processed = offers;
  return reasons.map(reason => {
    const count = declined.get(reason) ?? 0;
    const entry = { reason, declined: count, processed };
    processed -= count;
    return entry;
  });
}

function unusedOffer(
  { agent, reasons: against, time }: Waiting['lastUnusedOffers'][number],
  timestamp: (time: number) => string,
) {
  const scalars = (['cpus', 'mem', 'disk', 'gpus'] as const).map(name => ({
    name,
    role: '*',
    scalar: Math.max(0, agent.total[name] - agent.used[name]),
  }));
  const ranges = agent.shares.flatMap(({ portRanges }) => portRanges.map(([begin, end]) => ({ begin, end })));
  return {
    offer: {
      id: `${agent.id.replace(/-S\d+$/, '')}-O0`,
      agentId: agent.id,
      hostname: agent.hostname,
      resources: [...scalars, { name: 'ports', role: '*', ranges }],
      attributes: Object.entries(agent.attributes).map(([name, value]) =>
        typeof value === 'number' ? { name, scalar: value } : { name, text: value },
      ),
    },
    reason: against,
    timestamp: timestamp(time),
  };
}
