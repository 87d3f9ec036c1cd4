// The fetcher: puts what a task's URIs name into its sandbox, one after the other, and says so line by line as Mesos's does. Downloading
// is in download.ts, unpacking in extract.ts. Facts: mesos src/launcher/fetcher.cpp, src/slave/containerizer/fetcher.cpp.
import { chmod, copyFile, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandUri } from '../container.ts';
import { glogLine } from '../glog.ts';
import type { FetcherCache } from './cache.ts';
import { download } from './download.ts';
import { extract } from './extract.ts';

/** Largest file that is fetched, in bytes. */
const largestDownload = 10 * 2 ** 30;

/** Rejects when something cannot be fetched, or `signal` is aborted; `log` has then been told why. */
export async function fetchAll(
  uris: readonly CommandUri[],
  sandbox: string,
  cache: FetcherCache | undefined,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const say = (level: 'I' | 'W' | 'E', text: string) => log(glogLine(level, 'fetcher.cpp', text));
  const items = uris.map(uri => ({ action: uri.cache ? 'RETRIEVE_FROM_CACHE' : 'BYPASS_CACHE', uri }));
  say('I', `Fetcher Info: ${JSON.stringify({ items, sandbox_directory: sandbox })}`);
  for (const uri of uris) {
    say('I', `Fetching URI '${uri.value}'`);
    try {
      signal.throwIfAborted();
      await fetchOne(uri, sandbox, cache, signal, say);
    } catch (error) {
      log(`Failed to fetch '${uri.value}': ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
  }
}

type Say = (level: 'I' | 'W' | 'E', text: string) => void;

async function fetchOne(
  uri: CommandUri,
  sandbox: string,
  cache: FetcherCache | undefined,
  signal: AbortSignal,
  say: Say,
): Promise<void> {
  const address = uri.value.trimStart();
  const target = await targetOf(uri, address, sandbox);
  if (uri.cache && cache !== undefined) {
    say('I', 'Fetching from cache');
    await cache.with(
      address,
      // Others may wait for the same file: the end of this task does not end it.
      file => {
        say('I', 'Downloading into cache');
        return get(address, file, new AbortController().signal, say);
      },
      async file => {
        signal.throwIfAborted();
        if (uri.extract && !uri.executable && (await unpack(uri, file, sandbox, signal, say))) return;
        await copyFile(file, target);
        if (uri.executable) await chmod(target, 0o755);
      },
    );
  } else {
    say('I', 'Fetching directly into the sandbox directory');
    await get(address, target, signal, say);
    if (uri.executable) await chmod(target, 0o755);
    else if (uri.extract) await unpack(uri, target, sandbox, signal, say);
  }
  say('I', `Fetched '${uri.value}' to '${target}'`);
}

/** Whether it was an archive. */
async function unpack(uri: CommandUri, file: string, sandbox: string, signal: AbortSignal, say: Say): Promise<boolean> {
  if (await extract(file, sandbox, signal)) {
    say('I', `Extracted '${file}' into '${sandbox}'`);
    return true;
  }
  say(
    'W',
    `Copying instead of extracting resource from URI with 'extract' flag, because it does not seem to be an archive: ${uri.value}`,
  );
  return false;
}

async function get(address: string, target: string, signal: AbortSignal, say: Say): Promise<void> {
  const source = localPath(address);
  if (source !== undefined) {
    say('I', `Copying resource from '${source}' to '${target}'`);
    await copyFile(source, target);
    return;
  }
  say('I', `Downloading resource from '${address}' to '${target}'`);
  await download(address, target, largestDownload, signal);
}

/** The path that an address without a scheme, or with `file:`, names; undefined where it leads to the network. */
function localPath(address: string): string | undefined {
  if (address.startsWith('file://')) return fileURLToPath(address.replace(/^file:\/\/localhost\//, 'file:///'));
  if (/^https?:\/\//.test(address)) return undefined;
  if (/^\w+:\/\//.test(address)) {
    throw new Error(
      'the local cluster fetches http:, https:, and files of this machine; give the file at such an address',
    );
  }
  if (address.startsWith('/')) return address;
  throw new Error(
    'A relative path was passed for the resource but the Mesos framework home was not specified. Please either provide this config option or avoid using a relative path',
  );
}

/** Where the file goes: within the sandbox, its folder made. */
async function targetOf(uri: CommandUri, address: string, sandbox: string): Promise<string> {
  if (/[\\'\0]/.test(address)) throw new Error('URI contains illegal characters');
  const name = uri.output_file ?? nameOf(address);
  const target = path.join(sandbox, name);
  if (path.isAbsolute(name) || !target.startsWith(`${sandbox}/`)) {
    throw new Error(`the file "${name}" would lie outside of the sandbox: write a path relative to it`);
  }
  await mkdir(path.dirname(target), { recursive: true });
  // An archive that came before may have left links.
  const [folder, root] = await Promise.all([realpath(path.dirname(target)), realpath(sandbox)]);
  if (folder !== root && !folder.startsWith(`${root}/`)) throw new Error(`"${name}" leads out of the sandbox`);
  return target;
}

/** The last segment, whatever is in it: Mesos cuts no query off (Fetcher::basename). */
function nameOf(address: string): string {
  const afterHost = /^\w+:\/\/[^/]*\/(.+)$/.exec(address)?.[1];
  if (afterHost === undefined && address.includes('://')) throw new Error(`Malformed URI (missing path): ${address}`);
  return path.posix.basename(afterHost ?? address);
}
