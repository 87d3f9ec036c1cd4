// Sees to it that an image is there: pulled where it is not, or where the task wants it anew.
import { credentialsFor } from './credentials.ts';
import { type Engine, EngineError } from './engine.ts';

/** What of an image's configuration matters here. */
export interface Image {
  readonly stopSignal: string;
  readonly hasWorkingDir: boolean;
}

const pulls = new Map<string, Promise<void>>();

/** Throws an EngineError where it cannot be had. */
export async function provideImage(engine: Engine, name: string, force: boolean, sandbox: string): Promise<Image> {
  if (force) await pullOnce(engine, name, sandbox);
  const config = await inspect(engine, name).catch(async (error: unknown) => {
    if (!(error instanceof EngineError) || error.status !== 404 || force) throw error;
    await pullOnce(engine, name, sandbox);
    return inspect(engine, name);
  });
  return {
    stopSignal: config.StopSignal || 'SIGTERM',
    hasWorkingDir: (config.WorkingDir ?? '') !== '',
  };
}

interface ImageConfig {
  readonly StopSignal?: string;
  readonly WorkingDir?: string;
}

async function inspect(engine: Engine, name: string): Promise<ImageConfig> {
  const { Config } = await engine.ask<{ Config: ImageConfig | null }>('GET', `/images/${encodeURI(name)}/json`);
  return Config ?? {};
}

/** Tasks that want the same image at the same time share one pull. */
function pullOnce(engine: Engine, name: string, sandbox: string): Promise<void> {
  const credentials = credentialsFor(name, sandbox);
  const key = JSON.stringify([engine.address, name, credentials]);
  const going = pulls.get(key);
  if (going !== undefined) return going;
  const begun = pull(engine, name, credentials).finally(() => pulls.delete(key));
  pulls.set(key, begun);
  return begun;
}

async function pull(engine: Engine, name: string, credentials: string | undefined): Promise<void> {
  const headers: Record<string, string> = credentials === undefined ? {} : { 'X-Registry-Auth': credentials };
  const query = new URLSearchParams(splitName(name));
  const progress = await engine.stream('POST', `/images/create?${query}`, { headers });
  progress.setEncoding('utf8');
  let rest = '';
  for await (const text of progress) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.trim() === '') continue;
      const { error } = JSON.parse(line) as { error?: string };
      if (error !== undefined) throw new EngineError(500, error);
    }
  }
}

/** Without a tag the engine would pull all of them. A digest stands in the place of a tag. */
function splitName(name: string): { fromImage: string; tag: string } {
  const [, image = name, tag, digest] = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(name) ?? [];
  return { fromImage: image, tag: digest ?? tag ?? 'latest' };
}
