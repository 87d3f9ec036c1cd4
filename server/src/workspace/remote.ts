// Texts behind web addresses: answered at once from memory or the copies on disk, fetched in the background, and then whoever asked is told.
import { type ImportCache, openCache } from './cache.ts';
import { defaultLimits, fetchText, type Limits, type Validators } from './fetch.ts';
import type { FileResult } from './files.ts';
import type { Proxies } from './proxies.ts';

export interface RemoteOptions {
  /** Where copies are kept; none are where it is not known. */
  readonly cache?: () => string | undefined;
  /** Bytes that all copies may take. */
  readonly cacheBytes?: number;
  readonly limits?: Limits;
  /** Milliseconds that an address must be asked for before it is fetched: one that is being typed is not. */
  readonly delay?: number;
  /** Milliseconds after which it is said that an address has not answered yet. */
  readonly patience?: number;
  readonly proxies?: () => Proxies;
  /** Why nothing may be fetched now, as the end of a sentence; undefined where it may. */
  readonly forbidden: () => string | undefined;
  /** Whether somebody still imports an address. */
  readonly wanted: (address: string) => boolean;
  /** An address reads otherwise than it did when somebody asked. */
  readonly changed: (address: string) => void;
}

export interface Remote {
  read(address: string): FileResult;
  /** Settled when nothing is being fetched or written any more. */
  idle(): Promise<void>;
  /** What is under way counts as not answered, and nothing is fetched any more. */
  giveUp(): void;
}

interface Known extends Validators {
  result: FileResult;
  /** When the text was last known to be right, or could not be had. */
  checked: number;
  running: boolean;
  etag?: string | undefined;
  lastModified?: string | undefined;
}

const day = 24 * 3_600_000;
/** Milliseconds until what could not be had is tried again, when somebody asks. */
const retryAfter = 60_000;
/** Characters of all texts that are kept in memory. */
const maxKept = 128 * 1024 * 1024;
/** Fetches at a time. */
const maxRunning = 8;

export function openRemote(options: RemoteOptions): Remote {
  const {
    cache: folderOf = () => undefined,
    cacheBytes,
    limits = defaultLimits,
    delay = 0,
    patience = 1000,
    proxies = () => ({}),
    forbidden,
    wanted,
    changed,
  } = options;
  let cache: ImportCache | undefined;
  const all = new Map<string, Known>();
  const queue: (() => Promise<void>)[] = [];
  let running = 0;
  let idle: (() => void)[] = [];
  const stop = new AbortController();

  const first = (address: string): Known => {
    const folder = folderOf();
    if (folder !== undefined) cache ??= openCache(folder, cacheBytes);
    const copy = cache?.load(address);
    return copy === undefined
      ? { result: { problem: `${address} is being fetched.`, why: 'pending' }, checked: 0, running: false }
      : { ...copy, result: { text: copy.text }, running: false };
  };

  const kept = () =>
    [...all.values()].reduce((sum, { result }) => sum + ('text' in result ? result.text.length : 0), 0);

  const isDue = ({ result, checked }: Known) =>
    Date.now() - checked > ('text' in result ? day : result.why === 'pending' ? 0 : retryAfter);

  const next = () => {
    while (running < maxRunning) {
      const work = queue.shift();
      if (work === undefined) break;
      running++;
      const done = () => {
        running--;
        next();
      };
      work().then(done, done);
    }
    if (running > 0 || queue.length > 0) return;
    for (const tell of idle) tell();
    idle = [];
  };

  async function update(address: string, known: Known): Promise<void> {
    const fetched = await fetchText(address, 'text' in known.result ? known : {}, limits, stop.signal, proxies());
    known.running = false;
    known.checked = Date.now();
    const before = known.result;
    if (fetched.kind === 'text' && kept() + fetched.text.length > maxKept) {
      known.result = { problem: `${address} is not read: all imports together are too large.`, why: 'no-answer' };
      changed(address);
    } else if (fetched.kind === 'text') {
      const { text, etag, lastModified } = fetched;
      Object.assign(known, { result: { text }, etag, lastModified });
      if (!('text' in before && before.text === text)) changed(address);
      await cache?.save(address, { text, etag, lastModified, checked: known.checked });
    } else if (fetched.kind === 'unchanged') {
      await cache?.touch(address);
    } else if (fetched.sure || !('text' in before)) {
      known.result = { problem: fetched.problem, ...(!fetched.sure && { why: 'no-answer' as const }) };
      if (!('problem' in before && before.problem === fetched.problem)) changed(address);
    }
  }

  async function later(address: string, known: Known): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, delay)); // also where there is none: who asks is noted after the question
    if (!wanted(address)) {
      all.delete(address);
      return;
    }
    const timer = setTimeout(() => {
      if ('text' in known.result || known.result.why !== 'pending') return;
      known.result = { problem: `${address} has not answered yet.`, why: 'pending', slow: true };
      changed(address);
    }, patience);
    await update(address, known).finally(() => clearTimeout(timer));
  }

  return {
    read(address) {
      let known = all.get(address);
      if (known === undefined) {
        known = first(address);
        all.set(address, known);
      }
      const why = forbidden();
      if (why === undefined && !known.running && isDue(known)) {
        const work = known;
        known.running = true;
        queue.push(() => later(address, work));
        next();
      }
      const { result } = known;
      if (why !== undefined && 'problem' in result && result.why === 'pending')
        return { problem: `${address} is not read: ${why}.`, why: 'off' };
      return result;
    },
    idle: () => (running === 0 && queue.length === 0 ? Promise.resolve() : new Promise(resolve => idle.push(resolve))),
    giveUp: () => stop.abort(),
  };
}
