// Where an import leads. Addresses of the INDIGO types are answered by the bundled ones, whatever the branch; a map of the user's goes before.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isInArchive, parseArchiveUri } from './archive-uri.ts';

export type ImportTarget =
  /** `uri` is the address that is answered so. */
  | { readonly kind: 'bundled'; readonly family: 'indigo'; readonly uri: string }
  /** On this machine: a file, or in an archive. `mapped`: because a user's map says so. */
  | { readonly kind: 'local'; readonly uri: string; readonly mapped: boolean }
  | { readonly kind: 'remote'; readonly uri: string }
  | { readonly kind: 'invalid'; readonly problem: string };

/** Addresses, or what they begin with (then with a slash at the end), and the files or folders (then with a slash too) that stand for them. */
export type ImportMap = ReadonlyMap<string, string>;

/** Addresses under which indigo-dc publishes custom_types.yaml. */
const indigoAddresses: readonly RegExp[] = [
  /^https?:\/\/raw\.githubusercontent\.com\/indigo-dc\/tosca-types\/.+\/custom_types\.ya?ml$/,
  /^https?:\/\/(www\.)?github\.com\/indigo-dc\/tosca-types\/(raw|blob)\/.+\/custom_types\.ya?ml$/,
];

/** Where the newest INDIGO types are published. */
export const indigoAddress = 'https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml';

export const isWebAddress = (written: string): boolean => /^https?:\/\//i.test(written);

/** The file itself, where an address is that of GitHub's page around it. */
export function rawAddress(written: string): string | undefined {
  const page = /^https?:\/\/(?:www\.)?github\.com\/([^/]+\/[^/]+)\/blob\/(.+)$/i.exec(written);
  return page === null ? undefined : `https://raw.githubusercontent.com/${page[1]}/${page[2]}`;
}

/** `from` is the URI of the importing file; `base`, what the path is relative to instead: a repository's address. */
export function importTarget(written: string, from: string, map: ImportMap, base?: string): ImportTarget {
  if (written === '') return { kind: 'invalid', problem: 'A path or URL is expected.' };
  const place = base === undefined ? from : resolve(base.endsWith('/') ? base : `${base}/`, from);
  const url = place && resolve(written, place);
  const mapped = mappedTo(written, map) ?? (url && mappedTo(url, map));
  if (mapped !== undefined) return { kind: 'local', uri: mapped, mapped: true };
  if (url === undefined) return { kind: 'invalid', problem: unresolved(written, from) };
  const bare = url.split(/[?#]/)[0] ?? '';
  if (indigoAddresses.some(address => address.test(bare))) return { kind: 'bundled', family: 'indigo', uri: url };
  if (/^https?:/.test(url)) return { kind: 'remote', uri: rawAddress(url) ?? url };
  if (isWebAddress(from))
    return {
      kind: 'invalid',
      problem: `\`${written}\` leads from the web to files of this machine: that is not followed.`,
    };
  if (isInArchive(from)) {
    const [own, other] = [parseArchiveUri(from), parseArchiveUri(url)];
    return own !== undefined && other?.archive === own.archive
      ? { kind: 'local', uri: url, mapped: false }
      : {
          kind: 'invalid',
          problem: `\`${written}\` leads out of the archive: only what is in it, or on the web, is found.`,
        };
  }
  const protocol = url.slice(0, url.indexOf(':') + 1);
  // an editor may have files of other schemes, of which it opens some
  if (protocol === 'file:' || from.startsWith(protocol)) return { kind: 'local', uri: url, mapped: false };
  return { kind: 'invalid', problem: `Imports are read from files and over HTTP, not from \`${protocol}\` addresses.` };
}

/** What was resolved last: the imports of a template are looked at again after every edit. */
const resolved = new Map<string, string>();

/** A path or URL, made absolute; in a path, `#` and `?` are letters like others. */
function resolve(written: string, from: string): string | undefined {
  const key = `${from}\n${written}`;
  const known = resolved.get(key);
  if (known !== undefined) return known;
  if (resolved.size > 1000) resolved.clear();
  const found = absolute(written, from);
  if (found !== undefined) resolved.set(key, found);
  return found;
}

function absolute(written: string, from: string): string | undefined {
  if (/^[A-Za-z]:[\\/]/.test(written)) return pathToFileURL(written).href;
  const isUrl = /^[A-Za-z][A-Za-z0-9+.-]*:/.test(written);
  const reference =
    isUrl || isWebAddress(from)
      ? written
      : written
          .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
          .replaceAll('#', '%23')
          .replaceAll('?', '%3F');
  try {
    return new URL(reference, from).href;
  } catch {
    return undefined;
  }
}

function unresolved(written: string, from: string): string {
  return /^(file|https?|tosca-csar):/.test(from)
    ? `\`${written}\` is neither a path nor a URL.`
    : `\`${written}\` is relative to this file, which has no place on disk yet: save it first.`;
}

/** The longest beginning that the map knows counts. */
function mappedTo(address: string, map: ImportMap): string | undefined {
  let best: string | undefined;
  let length = 0;
  for (const [known, place] of map) {
    if (known.length <= length) continue;
    if (known === address) best = place;
    else if (known.endsWith('/') && address.startsWith(known))
      best = resolve(address.slice(known.length), place.endsWith('/') ? place : `${place}/`);
    else continue;
    length = known.length;
  }
  return best;
}

/** Reads a map as a user writes it: paths are relative to a folder of this machine. */
export function readImportMap(written: Readonly<Record<string, string>>, folder: string | undefined): ImportMap {
  return new Map(
    Object.entries(written).flatMap(([address, place]): [string, string][] => {
      if (place.startsWith('file:')) return [[address, place]];
      if (folder === undefined && !path.isAbsolute(place)) return [];
      const absolute = path.resolve(folder ?? '', place);
      return [[address, pathToFileURL(absolute).href + (/[\\/]$/.test(place) ? '/' : '')]];
    }),
  );
}
