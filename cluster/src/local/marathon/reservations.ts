// What is kept for the instances of resident apps: an agent, and a folder for each persistent volume. It stays when the task ends, for
// the next one, until the app is deleted or somebody wipes it.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Journal } from '../journal.ts';
import type { Agent } from '../mesos/agents.ts';
import { type App, isResident } from './app.ts';
import { safe } from './path-id.ts';
import { isPod } from './pod.ts';
import type { RunSpec } from './run-spec.ts';

export interface PersistentVolume {
  readonly containerPath: string;
  readonly uuid: string;
  /** `<app>#<container path>#<uuid>`. */
  readonly persistenceId: string;
  /** The folder on the agent. */
  readonly hostPath: string;
}

export interface Reservation {
  readonly instanceId: string;
  readonly appId: string;
  readonly agentId: string;
  readonly host: string;
  /** When it was made, in milliseconds since the epoch. */
  readonly since: number;
  /** How many tasks it has had. */
  readonly attempts: number;
  readonly volumes: readonly PersistentVolume[];
}

const kind = 'marathon.reservation';

export const isResidentSpec = (spec: RunSpec): spec is App => !isPod(spec) && isResident(spec);

/** Makes the folders. Throws where that is not possible. */
export function reserve(app: App, instanceId: string, agent: Agent, now: number): Reservation {
  const volumes = (app.container?.volumes ?? [])
    .filter(({ persistent }) => persistent !== undefined)
    .map(({ containerPath }): PersistentVolume => {
      const uuid = randomUUID();
      const persistenceId = `${safe(app.id)}#${containerPath}#${uuid}`;
      // As Mesos lays out an agent's work directory (src/slave/paths.cpp).
      const hostPath = path.join(agent.workDir, 'volumes', 'roles', 'marathon', persistenceId);
      mkdirSync(hostPath, { recursive: true });
      return { containerPath, uuid, persistenceId, hostPath };
    });
  return {
    ...{ instanceId, appId: app.id, agentId: agent.id, host: agent.hostname, since: now },
    attempts: 0,
    volumes,
  };
}

export const noteReservation = (journal: Journal, reservation: Reservation): void =>
  journal.put(kind, reservation.instanceId, reservation);

export function forgetReservation(journal: Journal, { instanceId, volumes }: Reservation, log: (line: string) => void) {
  journal.put(kind, instanceId, undefined);
  for (const { hostPath } of volumes) {
    rm(hostPath, { recursive: true, force: true }).catch((error: unknown) =>
      log(`Cannot remove the persistent volume ${hostPath}: ${String(error)}`),
    );
  }
}

export const recallReservations = (journal: Journal, appId: string): Reservation[] =>
  [...journal.read(kind).values()].map(value => value as Reservation).filter(each => each.appId === appId);
