// What operators set on the master: quota, weights, the maintenance schedule. They are kept and shown; on one machine with Marathon and
// Chronos alone they change nothing, save that a machine that is put down takes its agents with it.

import type { Journal } from '../journal.ts';

export interface Quota {
  readonly role: string;
  readonly guarantee: readonly Readonly<Record<string, unknown>>[];
}

export interface MachineId {
  readonly hostname?: string;
  readonly ip?: string;
}

export interface MaintenanceWindow {
  readonly machine_ids: readonly MachineId[];
  readonly unavailability: unknown;
}

export interface Settings {
  readonly quotas: Map<string, Quota>;
  readonly weights: Map<string, number>;
  windows: readonly MaintenanceWindow[];
  /** Of the windows' machines, those that are down. */
  readonly down: MachineId[];
  /** By process: verbosity of its log, where it is not 0. */
  readonly logLevels: Map<string, number>;
  /** After a change of quotas, weights or windows: they outlive the cluster. */
  keep(): void;
}

const kind = 'mesos.settings';

/** Those of the journal; all machines are up again. */
export function openSettings(journal: Journal): Settings {
  const known = journal.read(kind);
  const entries = <Value>(key: string) => (known.get(key) ?? []) as readonly (readonly [string, Value])[];
  const settings: Settings = {
    quotas: new Map(entries<Quota>('quotas')),
    weights: new Map(entries<number>('weights')),
    windows: (known.get('windows') ?? []) as readonly MaintenanceWindow[],
    down: [],
    logLevels: new Map(),
    keep() {
      journal.put(kind, 'quotas', [...settings.quotas]);
      journal.put(kind, 'weights', [...settings.weights]);
      journal.put(kind, 'windows', settings.windows);
    },
  };
  return settings;
}
