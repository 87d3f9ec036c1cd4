// What operators set on the master: quota, weights, the maintenance schedule. They are kept and shown; on one machine with Marathon and
// Chronos alone they change nothing, save that a machine that is put down takes its agents with it.

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
}

export const newSettings = (): Settings => ({
  quotas: new Map(),
  weights: new Map(),
  windows: [],
  down: [],
  logLevels: new Map(),
});
