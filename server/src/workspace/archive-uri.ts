// URIs of files in archives: `tosca-csar:/folder/x.csar/definitions/a.yaml`. Relative ones are resolved against them like paths.

import { pathToFileURL } from 'node:url';
import { decodedOrNone } from './decoded.ts';
import { pathOf, statOf } from './disk.ts';

const scheme = 'tosca-csar:';

export interface InArchive {
  /** Path of the archive on disk. */
  readonly archive: string;
  /** Path within it, without a slash in front; empty for the archive itself. */
  readonly name: string;
}

/** Whether a URI of a file names an archive. */
export const isArchive = (uri: string): boolean => /^file:.*\.(csar|zip)$/i.test(uri);

export const isInArchive = (uri: string): boolean => uri.startsWith(scheme);

export function uriInArchive(archive: string, name: string): string {
  const folder = pathToFileURL(archive).href.replace(/^file:(\/\/)?/, scheme);
  return `${folder}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** Undefined where a URI leads into no archive. */
export function parseArchiveUri(uri: string): InArchive | undefined {
  if (!isInArchive(uri)) return undefined;
  const segments = uri
    .slice(scheme.length)
    .replace(/^\/\/(?=\/)/, '')
    .split('/');
  for (let end = 1; end < segments.length; end++) {
    if (!/\.(csar|zip)$/i.test(segments[end] ?? '')) continue;
    const archive = pathOf(`file://${segments.slice(0, end + 1).join('/')}`);
    const name = decodedOrNone(segments.slice(end + 1).join('/'));
    if (archive === undefined || name === undefined) return undefined;
    // a folder may be named like an archive
    if (statOf(archive)?.isDirectory() !== true) return { archive, name };
  }
  return undefined;
}

/** Path in its archive of a file that is in one. */
export const nameInArchive = (uri: string): string => parseArchiveUri(uri)?.name ?? '';
