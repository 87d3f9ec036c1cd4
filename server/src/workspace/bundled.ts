// Where the files lie that come with the program: schemas/ and docs/, above the sources and above the bundle alike.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

let folder: string | undefined;

function home(): string {
  for (let up = __dirname; folder === undefined; up = path.dirname(up)) {
    if (existsSync(path.join(up, 'schemas', 'tosca-1.0'))) folder = up;
    else if (up === path.dirname(up))
      throw new Error(`The type files are missing: no folder schemas/ above ${__dirname}.`);
  }
  return folder;
}

let page: string | undefined;

/** URI of the page that explains the rules. */
export function rulesPage(): string {
  page ??= pathToFileURL(path.join(home(), 'docs', 'rules.md')).href;
  return page;
}

/** URIs of the type files in a folder of schemas/: `tosca-1.3` or `indigo`. */
export function bundledFiles(family: string): readonly string[] {
  const place = path.join(home(), 'schemas', family);
  return readdirSync(place)
    .filter(file => /\.ya?ml$/.test(file))
    .sort()
    .map(file => pathToFileURL(path.join(place, file)).href);
}
