// Where the next instance of a run goes: the least busy agent on which it fits. Notes for /v2/queue which offers did not fit, and why.
import type { Agent } from '../mesos/agents.ts';
import { type Match, match } from './match.ts';
import { isResidentSpec, type Reservation } from './reservations.ts';
import { counted, idleReservations, type Run } from './run.ts';

export interface Place {
  readonly agent: Agent;
  /** Host ports, one for each that it asks for. */
  readonly ports: readonly number[];
  /** What is kept there for it. */
  readonly idle: Reservation | undefined;
}

export function findPlace(
  run: Run,
  offered: readonly Agent[],
  roles: readonly string[],
  listening: () => ReadonlySet<number>,
  now: number,
): Place | undefined {
  const placed = counted(run).map(({ agent }) => agent);
  const agents = [...offered].sort((a, b) => a.tasks.size - b.tasks.size);
  const { waiting } = run;
  const reservations = idleReservations(run);
  const allReserved = isResidentSpec(run.spec) && run.reservations.size >= run.target;
  for (const agent of agents) {
    const idle = reservations.find(({ agentId }) => agentId === agent.id);
    const found: Match =
      idle === undefined && allReserved
        ? { against: ['NoCorrespondingReservationFound'] }
        : match(run.spec, agent, placed, listening, roles);
    if (waiting !== undefined) waiting.processed++;
    if ('ports' in found) {
      if (waiting !== undefined) waiting.lastUsedAt = now;
      return { agent, ports: found.ports, idle };
    }
    if (waiting === undefined) continue;
    waiting.unused++;
    waiting.lastUnusedAt = now;
    const others = waiting.lastUnusedOffers.filter(offer => offer.agent !== agent);
    waiting.lastUnusedOffers = [...others, { agent, reasons: found.against, time: now }];
    const [first] = found.against;
    if (first !== undefined) {
      waiting.attempt.set(first, (waiting.attempt.get(first) ?? 0) + 1);
      waiting.lastRound.set(first, (waiting.lastRound.get(first) ?? 0) + 1);
    }
  }
  if (waiting !== undefined) waiting.lastRoundOffers = agents.length;
  return undefined;
}
