// Keeps a LiveState up to date: events where the cluster has them, polls with back-off elsewhere, a whole read after every gap.
import type { Profile } from '../profile.ts';
import type { LiveState } from './state.ts';

export interface LiveStore {
  readonly profile: Profile;
  /** Never throws and never waits. */
  readonly state: LiveState;
  /** Calls back after each change; returns what ends the calls. */
  onDidChange(listener: (state: LiveState) => void): () => void;
  /** Reads everything now; resolves when that is done, also when the cluster does not answer. */
  refresh(): Promise<void>;
  dispose(): void;
}
