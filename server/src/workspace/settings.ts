// What a user sets for a workspace, as an editor or the command line hands it over.
import type { Release } from '../../../protocol/src/plan.ts';

export const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

export interface Settings {
  /** What templates run on that do not say so themselves. */
  readonly release: Release;
}

export const defaultSettings: Settings = { release: 'deep_1' };

/** Reads what an editor sends: `{ toscaMesos: {...} }`. What is not as it should be counts as not set. */
export function readSettings(sent: unknown): Settings {
  const own = member(sent, 'toscaMesos');
  const release = releases.find(each => each === member(own, 'release'));
  return { ...defaultSettings, ...(release !== undefined && { release }) };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
