// Where the bundled type files lie: schemas/ beside the sources, and beside the bundle once built.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

let folder: string | undefined;

function schemas(): string {
  for (let up = __dirname; folder === undefined; up = path.dirname(up)) {
    if (existsSync(path.join(up, 'schemas', 'tosca-1.0'))) folder = path.join(up, 'schemas');
    else if (up === path.dirname(up)) throw new Error(`The type files are missing: no folder schemas/ above ${__dirname}.`);
  }
  return folder;
}

/** URIs of a family's type files: `tosca-1.0` or `indigo`. */
export function bundledFiles(family: string): readonly string[] {
  const place = path.join(schemas(), family);
  return readdirSync(place)
    .filter(file => /\.ya?ml$/.test(file))
    .sort()
    .map(file => pathToFileURL(path.join(place, file)).href);
}
