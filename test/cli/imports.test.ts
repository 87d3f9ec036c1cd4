// What templates import, on the command line: waited for, kept, read from elsewhere; and archives.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../cluster/src/local/self-signed.ts';
import { openProxy, openWeb, says, type Web } from '../server/workspace/web.ts';
import { zip } from '../server/workspace/zip.ts';
import { runCommand, runProgram } from './terminal.ts';

const version = 'tosca_definitions_version: tosca_simple_yaml_1_0\n';
const types = `${version}node_types:
  tosca.nodes.indigo.Own: { derived_from: tosca.nodes.Root, properties: { size: { type: integer, default: 1 } } }
`;
const template = (file: string, size: string) =>
  `${version}imports:\n  - own: ${file}\ntopology_template:\n  node_templates:\n    own: { type: tosca.nodes.indigo.Own, properties: { size: ${size} } }\n`;

let web: Web;
let folder: string;
const file = (name: string) => path.join(folder, name);
beforeEach(async () => {
  web = await openWeb();
  web.answers.set('/types.yaml', says(types));
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-cli-'));
  writeFileSync(file('a.yaml'), template(`${web.address}/types.yaml`, 'x'));
});
afterEach(async () => {
  await web.close();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...args: readonly string[]) => runCommand(args, { env: { XDG_CACHE_HOME: file('cache') } });

describe('imports over the network', () => {
  it('are waited for by check, and kept below XDG_CACHE_HOME for the next time', async () => {
    const first = await run('check', file('a.yaml'));
    expect([first.code, first.stdout]).toEqual([1, expect.stringContaining('a.yaml:6:62: error wrong-type')]);
    expect(readdirSync(file('cache/tosca-mesos/imports'))).toHaveLength(1);
    await web.close();
    expect(await run('check', file('a.yaml'))).toEqual(first);
    expect(await run('check', file('a.yaml'), '--offline')).toEqual(first);
  });

  it('are waited for by plan', async () => {
    writeFileSync(file('a.yaml'), template(`${web.address}/types.yaml`, '1'));
    const { code } = await run('plan', file('a.yaml'));
    expect([code, web.requests.length]).toEqual([0, 1]);
  });

  it('are fetched over encrypted connections too, by the proxy that the environment names, from who can prove that it is the host', async () => {
    const certificate = selfSigned(['types.test']);
    const server = https.createServer(certificate, (_, response) => response.end(types));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const proxy = await openProxy((server.address() as AddressInfo).port);
    try {
      writeFileSync(file('a.yaml'), template('https://types.test/types.yaml', 'x'));
      writeFileSync(file('authority.pem'), certificate.cert);
      const check = async (more: NodeJS.ProcessEnv) => {
        const env = { XDG_CACHE_HOME: file('cache'), HTTPS_PROXY: proxy.address, ...more };
        return (await runProgram(['check', file('a.yaml')], env)).stdout;
      };
      expect(await check({})).toContain(
        `cannot be reached by the proxy ${proxy.address}: its certificate is signed by itself.`,
      );
      expect(await check({ NODE_EXTRA_CA_CERTS: file('authority.pem') })).toContain('a.yaml:6:62: error wrong-type');
      expect(proxy.asked).toEqual(['CONNECT types.test:443', 'CONNECT types.test:443']);
    } finally {
      await proxy.close();
      await new Promise(resolve => server.close(resolve));
    }
  });

  it('are not fetched with --offline', async () => {
    const { code, stdout } = await run('check', file('a.yaml'), '--offline');
    expect([code, stdout]).toEqual([0, expect.stringContaining('information import-problem: ')]);
    expect(stdout).toContain('there is no copy of it, and --offline says that nothing is fetched');
    expect(web.requests).toEqual([]);
  });

  it('are read from files in their place with --import-map', async () => {
    writeFileSync(file('types.yaml'), types.replace('integer', 'string'));
    const map = (pair: string) => run('check', file('a.yaml'), '--import-map', pair);
    expect(await map(`${web.address}/=${folder}/`)).toMatchObject({
      code: 0,
      stdout: '1 file: 0 errors, 0 warnings.\n',
    });
    expect(await map(`${web.address}/types.yaml=${file('none.yaml')}`)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('none.yaml does not exist'),
    });
    expect(await map('nonsense')).toMatchObject({
      code: 2,
      stderr: '--import-map wants ADDRESS=PATH, not "nonsense".\n',
    });
    expect(web.requests).toEqual([]);
  });
});

describe('archives', () => {
  const archive = zip([
    {
      name: 'TOSCA-Metadata/TOSCA.meta',
      content:
        'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: x\nEntry-Definitions: definitions/a.yaml\n',
    },
    {
      name: 'definitions/a.yaml',
      content: `${version}topology_template:\n  node_templates:\n    a: { type: no.Type }\n`,
    },
  ]);
  it('are checked as a whole, and their problems told at the files in them', async () => {
    writeFileSync(file('x.csar'), archive);
    const { code, stdout } = await run('check', file('x.csar'));
    expect(code).toBe(1);
    expect(stdout).toBe(
      `${file('x.csar')}!/definitions/a.yaml:4:16: error unknown-type: There is no node type "no.Type".\n3 files: 1 error, 0 warnings.\n`,
    );
    const json = await run('check', file('x.csar'), '--format', 'json');
    expect((JSON.parse(json.stdout) as { file: string }[]).map(each => each.file)).toEqual([
      file('x.csar'),
      `${file('x.csar')}!/TOSCA-Metadata/TOSCA.meta`,
      `${file('x.csar')}!/definitions/a.yaml`,
    ]);
  });
  it('are planned by the template that they are there for, under their own name', async () => {
    const service = zip([
      {
        name: 'TOSCA-Metadata/TOSCA.meta',
        content:
          'TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: x\nEntry-Definitions: definitions/a.yaml\n',
      },
      {
        name: 'definitions/a.yaml',
        content: `${version}topology_template:\n  inputs:\n    port: { type: integer }\n  node_templates: {}\n`,
      },
    ]);
    writeFileSync(file('My Service.csar'), service);
    expect(await run('plan', file('My Service.csar'), '--set', 'port=x')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /My Service\.csar!\/definitions\/a\.yaml:\d+:\d+: error .*\nDeployment my-service for /s,
      ),
    });
    expect((await run('plan', file('My Service.csar'), '--set', 'port=80')).code).toBe(0);
    writeFileSync(file('y.zip'), 'anything');
    expect(await run('plan', file('y.zip'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('y.zip is no zip archive'),
    });
    expect(await run('plan', file('none.csar'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none.csar does not exist'),
    });
  });
  it('are found in folders, when they are called .csar', async () => {
    rmSync(file('a.yaml'));
    writeFileSync(file('x.csar'), archive);
    writeFileSync(file('y.zip'), 'anything');
    expect((await run('check', folder)).stdout).toContain('3 files: 1 error');
    expect(await run('check', file('y.zip'))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('error unreadable-file: y.zip is no zip archive'),
    });
  });
});
