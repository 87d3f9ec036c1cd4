// Options of commands that read templates, for what these import; and the workspace that they are read in.
import os from 'node:os';
import path from 'node:path';
import { openWorkspace, type Workspace } from '../../server/src/index.ts';
import { proxiesIn } from '../../server/src/workspace/proxies.ts';
import { defaultSettings } from '../../server/src/workspace/settings.ts';
import type { Terminal } from './main.ts';

export const importOptions = {
  offline: { type: 'boolean', default: false },
  'import-map': { type: 'string', multiple: true, default: [] as string[] },
} as const;

export const importUsage = '[--offline] [--import-map ADDRESS=PATH]...';

export const importHelp = `--offline      do not fetch imports: copies of earlier ones are used where there are any
--import-map   read PATH in place of the imported ADDRESS; an address that ends with / stands for all that begin with it
`;

export interface ImportValues {
  readonly offline?: boolean | undefined;
  readonly 'import-map'?: readonly string[] | undefined;
}

/** Throws an error with one sentence where an option is not as it should be. `open` gives texts that are nowhere else. */
export function workspaceFor(
  { offline = false, 'import-map': pairs = [] }: ImportValues,
  env: Terminal['env'],
  open: (uri: string) => string | undefined = () => undefined,
): Workspace {
  const map = Object.fromEntries(
    pairs.map(pair => {
      const at = pair.lastIndexOf('=');
      if (at < 1 || at === pair.length - 1) throw new Error(`--import-map wants ADDRESS=PATH, not "${pair}".`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  return openWorkspace(
    open,
    { ...defaultSettings, imports: { fetch: true, map } },
    {
      cache: () => cacheFolder(env),
      folder: () => process.cwd(),
      proxies: () => proxiesIn(env),
      forbidden: () => (offline ? 'there is no copy of it, and --offline says that nothing is fetched' : undefined),
    },
  );
}

/** By the XDG Base Directory Specification; undefined where there is no home. */
function cacheFolder(env: Terminal['env']): string | undefined {
  const base = env.XDG_CACHE_HOME || (env.HOME ?? os.homedir());
  if (base === '') return undefined;
  return path.join(base, ...(env.XDG_CACHE_HOME ? [] : ['.cache']), 'tosca-mesos', 'imports');
}
