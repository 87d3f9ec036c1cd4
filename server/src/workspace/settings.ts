// What a user sets for a workspace, as an editor or the command line hands it over.
import type { Release } from '../../../protocol/src/plan.ts';

export interface Settings {
  /** What templates run on that do not say so themselves. */
  readonly release: Release;
}

export const defaultSettings: Settings = { release: 'deep_1' };
