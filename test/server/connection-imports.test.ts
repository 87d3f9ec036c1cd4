// Imports as an editor meets them: over the network once the workspace is trusted, in files that change, in archives.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LanguageServer, startServer } from './language-server.ts';
import { openWeb, says, type Web } from './workspace/web.ts';
import { zip } from './workspace/zip.ts';

const version = 'tosca_definitions_version: tosca_simple_yaml_1_2\n';
const types = `${version}node_types:\n  own.Node: { derived_from: tosca.nodes.Root }\n`;
const importing = (file: string) => `${version}imports:
  - types: ${file}
topology_template:
  node_templates:
    node: { type: own.Node }
    other: { type: own.Other }
`;

let web: Web;
let folder: string;
let server: LanguageServer | undefined;
const at = (name: string) => pathToFileURL(path.join(folder, name)).href;
const write = (name: string, content: string | Buffer) => writeFileSync(path.join(folder, name), content);
const start = async (options: object = { trusted: true }) => {
  server = await startServer(pathToFileURL(folder).href, options);
  return server;
};
const changed = (name: string) =>
  server?.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: at(name), type: 2 }] });

beforeEach(async () => {
  web = await openWeb();
  web.answers.set('/types.yaml', says(types));
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-imports-'));
});
afterEach(async () => {
  expect(await server?.stop()).toBe(0);
  await web.close();
  rmSync(folder, { recursive: true });
});

it('fetches an import, checks what imports it again, and keeps a copy', async () => {
  const cache = path.join(folder, 'cache');
  const { open, until } = await start({ trusted: true, importCache: cache });
  await open(at('a.yaml'), importing(`${web.address}/types.yaml`));
  const [diagnostic] = await until(at('a.yaml'), '1 unknown-type');
  expect(diagnostic?.message).toBe('There is no node type "own.Other".');
  await expect.poll(() => readdirSync(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.yaml$/)]);
});

it('fetches nothing before the workspace is trusted', async () => {
  const { open, until, connection } = await start({ trusted: false });
  await open(at('a.yaml'), importing(`${web.address}/types.yaml`));
  const [diagnostic] = await until(at('a.yaml'), '3 import-problem');
  expect(diagnostic?.message).toContain('this workspace is not trusted');
  await connection.sendNotification('tosca/trusted');
  await until(at('a.yaml'), '1 unknown-type');
  expect(web.requests).toHaveLength(1);
});

it('fetches nothing where the setting says so, and reads files in place of addresses', async () => {
  write('local.yaml', types);
  const { open, until, connection } = await start();
  const set = (imports: object) =>
    connection.sendNotification('workspace/didChangeConfiguration', { settings: { toscaMesos: { imports } } });
  await set({ fetch: false });
  await open(at('a.yaml'), importing(`${web.address}/types.yaml`));
  const [diagnostic] = await until(at('a.yaml'), '3 import-problem');
  expect(diagnostic?.message).toContain('`toscaMesos.imports.fetch`');
  await set({ fetch: false, map: { [`${web.address}/`]: './' } });
  await until(at('a.yaml'), '1 import-problem');
  await set({ fetch: false, map: { [`${web.address}/types.yaml`]: './local.yaml' } });
  await until(at('a.yaml'), '1 unknown-type');
  expect(web.requests).toEqual([]);
});

it('says within two seconds that a server does not answer, and lives on', async () => {
  web.answers.set('/silent.yaml', () => undefined);
  const { open, until, connection } = await start();
  const started = Date.now();
  await open(at('a.yaml'), importing(`${web.address}/silent.yaml`));
  const [diagnostic] = await until(at('a.yaml'), '3 import-problem');
  expect(diagnostic?.message).toContain('has not answered yet');
  expect(Date.now() - started).toBeLessThan(2000);
  expect(await connection.sendRequest('tosca/inputs', { uri: at('a.yaml') })).toEqual([]);
});

it('waits for an import before it plans', async () => {
  const { open, connection } = await start();
  await open(at('a.yaml'), importing(`${web.address}/types.yaml`));
  const plan = await connection.sendRequest('tosca/plan', { uri: at('a.yaml'), inputs: {} });
  expect(plan).toMatchObject({ name: 'a' });
  expect(web.requests).toHaveLength(1);
});

it('checks importers again, open or not, when an imported file is edited', async () => {
  write('types.yaml', types);
  write('closed.yaml', importing('types.yaml'));
  const { open, change, until } = await start();
  await until(at('closed.yaml'), '1 unknown-type');
  await open(at('types.yaml'), types);
  await open(at('a.yaml'), importing('types.yaml'));
  await until(at('a.yaml'), '1 unknown-type');
  await change(at('types.yaml'), 2, `${types}  own.Other: { derived_from: own.Node }\n`);
  await until(at('a.yaml'));
  await until(at('closed.yaml'));
  await change(at('types.yaml'), 3, version);
  await until(at('a.yaml'), '1 unknown-type', '1 unknown-type');
  await until(at('closed.yaml'), '1 unknown-type', '1 unknown-type');
});

it('checks importers again when an imported file changes, comes or goes on disk', async () => {
  const { open, until } = await start();
  await open(at('a.yaml'), importing('types.yaml'));
  await until(at('a.yaml'), '1 import-problem');
  write('types.yaml', types);
  await changed('types.yaml');
  await until(at('a.yaml'), '1 unknown-type');
  write('types.yaml', `${types}  own.Other: { derived_from: own.Nod }\n`);
  await changed('types.yaml');
  await until(at('a.yaml'));
  await until(at('types.yaml'), '1 unknown-type');
  rmSync(path.join(folder, 'types.yaml'));
  await changed('types.yaml');
  await until(at('a.yaml'), '1 import-problem');
});

it('sees that the file of an artifact came', async () => {
  const text = `${version}topology_template:
  node_templates:
    node:
      type: tosca.nodes.Root
      artifacts: { data: { type: tosca.artifacts.File, file: data.yaml } }
`;
  const { open, until } = await start();
  await open(at('a.yaml'), text);
  await until(at('a.yaml'), '2 missing-artifact-file');
  write('data.yaml', '');
  await changed('data.yaml');
  await until(at('a.yaml'));
});

it('finds the problems of an archive at its files, which can be read', async () => {
  const meta = 'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: x\nEntry-Definitions: d/main.yaml\n';
  const files = (main: string) =>
    zip([
      { name: 'TOSCA-Metadata/TOSCA.meta', content: meta },
      { name: 'd/main.yaml', content: main },
      { name: 'd/types.yaml', content: types },
    ]);
  write('x.csar', files(importing('types.yaml')));
  const inside = `tosca-csar:${at('x.csar').slice('file://'.length)}/d/main.yaml`;
  const { open, until, connection } = await start();
  await until(inside, '1 unknown-type');
  const text = await connection.sendRequest('tosca/archiveFile', { uri: inside });
  expect(text).toBe(importing('types.yaml'));
  expect(await connection.sendRequest('tosca/archiveFile', { uri: `${inside}x` })).toBeNull();
  write('x.csar', files(version));
  await changed('x.csar');
  await until(inside);
  write('x.csar', files(importing('types.yaml')));
  await changed('x.csar');
  await until(inside, '1 unknown-type');
  await open(inside, importing('types.yaml'));
  await connection.sendNotification('textDocument/didClose', { textDocument: { uri: inside } });
  await connection.sendRequest('tosca/inputs', { uri: inside });
  await until(inside, '1 unknown-type');
  write('x.csar', 'no archive');
  await changed('x.csar');
  await until(at('x.csar'), '1 unreadable-file');
});
