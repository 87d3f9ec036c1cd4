// What a user sets for a workspace, as an editor or the command line hands it over.
import type { Release } from '../../../protocol/src/plan.ts';

export const releases: readonly Release[] = ['indigo_1', 'indigo_2', 'deep_1'];

export interface Settings {
  /** What templates run on that do not say so themselves. */
  readonly release: Release;
  readonly imports: {
    /** Whether imports may be fetched over the network. */
    readonly fetch: boolean;
    /** Addresses (or what they begin with) -> the files (or folders) that are read in their place, relative to the workspace's folder. */
    readonly map: Readonly<Record<string, string>>;
  };
}

export const defaultSettings: Settings = { release: 'deep_1', imports: { fetch: true, map: {} } };

/** Reads what an editor sends: `{ toscaMesos: {...} }`. What is not as it should be counts as not set. */
export function readSettings(sent: unknown): Settings {
  const own = member(sent, 'toscaMesos');
  const release = releases.find(each => each === member(own, 'release'));
  return {
    ...defaultSettings,
    ...(release !== undefined && { release }),
    imports: readImports(member(own, 'imports')),
  };
}

function readImports(sent: unknown): Settings['imports'] {
  const map = member(sent, 'map');
  const pairs = typeof map === 'object' && map !== null ? Object.entries(map) : [];
  return {
    fetch: member(sent, 'fetch') !== false,
    map: Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
