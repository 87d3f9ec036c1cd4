// Imports over HTTP, from a server that behaves in every way that one can: each ends in the types, or in one clear diagnostic, at once.
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace, type Surroundings } from '../../../server/src/index.ts';
import { openWeb, redirects, says, type Web } from './web.ts';

const uri = 'file:///template.yaml';
const types = `tosca_definitions_version: tosca_simple_yaml_1_0
node_types:
  own.Node:
    derived_from: tosca.nodes.Root
    properties:
      size: { type: integer }
`;

let web: Web;
let cache: string;
beforeEach(async () => {
  web = await openWeb();
  cache = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-imports-'));
});
afterEach(async () => {
  await web.close();
  rmSync(cache, { recursive: true, force: true });
});

const template = (file: string, type = 'own.Node') => `tosca_definitions_version: tosca_simple_yaml_1_0
imports:
  - types: ${file}
topology_template:
  node_templates:
    node: { type: ${type}, properties: { size: 1 } }
`;

const limits = { milliseconds: 300, bytes: 10_000, redirects: 5 };

function look(text: string, surroundings: Surroundings = {}) {
  return openWorkspace(wanted => (wanted === uri ? text : undefined), undefined, {
    limits,
    forbidden: () => undefined,
    ...surroundings,
  });
}

/** What is said of a template once all that it imports is there or known not to come. */
async function found(text: string, surroundings: Surroundings = {}) {
  const workspace = look(text, surroundings);
  await workspace.ready([uri], true);
  await workspace.giveUp();
  return workspace.diagnostics(uri).map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('an import over HTTP', () => {
  it('is fetched in the background: nothing is said before it is there, and then its types are known', async () => {
    web.answers.set('/types.yaml', says(types));
    let changed = 0;
    const text = template(`${web.address}/types.yaml`).replace('size: 1', 'size: x');
    const workspace = look(text, { changed: () => changed++ });
    expect(workspace.diagnostics(uri)).toEqual([]);
    await workspace.ready([uri]);
    expect(changed).toBe(1);
    expect(workspace.diagnostics(uri).map(({ code }) => code)).toEqual(['wrong-type']);
  });

  it('may import in turn, relative to where it is', async () => {
    web.answers.set(
      '/a/types.yaml',
      says('tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - b: ../b.yaml\n'),
    );
    web.answers.set('/b.yaml', says(types));
    expect(await found(template(`${web.address}/a/types.yaml`, 'own.Nod'))).toEqual([
      '1 unknown-type: There is no node type "own.Nod". Did you mean "own.Node"?',
    ]);
  });

  it('may not lead to files of this machine', async () => {
    web.answers.set(
      '/types.yaml',
      says('tosca_definitions_version: tosca_simple_yaml_1_0\nimports:\n  - b: file:///etc/passwd\n'),
    );
    const workspace = look(template(`${web.address}/types.yaml`));
    await workspace.ready([uri]);
    const result = workspace.template(uri);
    expect('catalog' in result && result.catalog.complete).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    [
      'that does not exist',
      '/none.yaml',
      /^1 import-problem: .*\/none\.yaml answers 404: there is nothing at this address\./,
    ],
    ['that needs a log-in', '/private.yaml', /^2 import-problem: .* answers 403: one must log in/],
    ['whose server has a problem', '/broken.yaml', /^2 import-problem: .* answers 500: the server has a problem/],
    ['that never answers', '/silent.yaml', /^2 import-problem: .* has not answered within 0\.3 s\./],
    ['that drips for ever', '/drip.yaml', /^2 import-problem: .* has not answered within 0\.3 s\./],
    ['that never ends', '/endless.yaml', /^2 import-problem: .* is larger than \d+ MB and is not read\./],
    ['that says that it is huge', '/huge.yaml', /^2 import-problem: .* is larger than \d+ MB and is not read\./],
    ['that is a web page', '/page.yaml', /^2 import-problem: .* is a web page \(HTML\), not a TOSCA file\./],
    ['that is no UTF-8', '/latin.yaml', /^2 import-problem: .* is not valid UTF-8\./],
    ['that redirects to itself', '/circle.yaml', /^1 import-problem: .* redirects in a circle\./],
    ['that redirects for ever', '/far/0', /^2 import-problem: .* redirects more than 5 times\./],
    [
      'that redirects to a file',
      '/file.yaml',
      /^1 import-problem: .* redirects to `file:\/\/\/etc\/passwd`, which is no web address\./,
    ],
    ['whose connection is cut', '/cut.yaml', /^2 import-problem: .* cannot be reached: the connection was cut\./],
    ['that is empty', '/empty.yaml', /^1 import-problem: .* is empty: it declares nothing\./],
    ['that is no TOSCA', '/other.yaml', /^1 import-problem: .* is no TOSCA file/],
    ['that is no YAML', '/no-yaml.yaml', /^1 broken-import: .* cannot be read as YAML, first in line 2/],
  ])('%s gets one diagnostic', async (_, place, expected) => {
    web.answers.set('/private.yaml', (_request, response) => response.writeHead(403).end());
    web.answers.set('/broken.yaml', (_request, response) => response.writeHead(500).end());
    web.answers.set('/silent.yaml', () => undefined);
    web.answers.set('/drip.yaml', (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('#'), 10);
      response.on('close', () => clearInterval(timer));
    });
    web.answers.set('/endless.yaml', (_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write('#'.repeat(1000)));
      };
      response.on('drain', more);
      more();
    });
    web.answers.set('/huge.yaml', (_request, response) =>
      response.writeHead(200, { 'content-length': '5000000' }).write('#'),
    );
    web.answers.set('/page.yaml', says('<!DOCTYPE html>\n<html></html>', { 'content-type': 'text/html' }));
    web.answers.set('/latin.yaml', says(Buffer.from('description: \xe9\n', 'latin1')));
    web.answers.set('/circle.yaml', redirects('/circle.yaml'));
    for (let at = 0; at < 8; at++) web.answers.set(`/far/${at}`, redirects(`/far/${at + 1}`));
    web.answers.set('/file.yaml', redirects('file:///etc/passwd'));
    web.answers.set('/cut.yaml', request => request.socket.destroy());
    web.answers.set('/empty.yaml', says(''));
    web.answers.set('/other.yaml', says('some: thing\n'));
    web.answers.set('/no-yaml.yaml', says('tosca_definitions_version: tosca_simple_yaml_1_0\nnode_types: { }}\n'));
    const started = Date.now();
    const all = await found(template(`${web.address}${place}`));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(expected);
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it('gets one diagnostic where nobody listens, or there is no such host', async () => {
    const { address } = web;
    await web.close();
    expect(await found(template(`${address}/types.yaml`))).toEqual([
      expect.stringMatching(
        /^2 import-problem: .* cannot be reached: nobody listens there\. Names of types are not checked/,
      ),
    ]);
    expect(await found(template('http://user:secret@127.0.0.1:1/types.yaml'))).toEqual([
      expect.stringMatching(/^2 import-problem: 127\.0\.0\.1:1: addresses with a user or password/),
    ]);
  });

  it('follows a redirect, up to the bound', async () => {
    web.answers.set('/moved.yaml', redirects('/types.yaml'));
    web.answers.set('/types.yaml', says(types));
    expect(await found(template(`${web.address}/moved.yaml`))).toEqual([]);
  });

  it('is not fetched where that is forbidden, and is as soon as it is not', async () => {
    web.answers.set('/types.yaml', says(types));
    let forbidden: string | undefined = 'this workspace is not trusted';
    const workspace = look(template(`${web.address}/types.yaml`, 'own.Nod'), { forbidden: () => forbidden });
    await workspace.ready([uri]);
    expect(workspace.diagnostics(uri).map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      `3 ${web.address}/types.yaml is not read: this workspace is not trusted. Names of types are not checked in this file.`,
    ]);
    expect(web.requests).toEqual([]);
    forbidden = undefined;
    await workspace.ready([uri]);
    expect(workspace.diagnostics(uri).map(({ code }) => code)).toEqual(['unknown-type']);
  });

  it('is told of while it does not answer', async () => {
    web.answers.set('/silent.yaml', () => undefined);
    let tell: () => void = () => undefined;
    const told = new Promise<void>(resolve => {
      tell = resolve;
    });
    const workspace = look(template(`${web.address}/silent.yaml`), { patience: 20, changed: () => tell() });
    expect(workspace.diagnostics(uri)).toEqual([]);
    await told;
    expect(workspace.diagnostics(uri).map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      `3 ${web.address}/silent.yaml has not answered yet. Names of types are not checked in this file.`,
    ]);
    await workspace.ready([uri]);
    await workspace.giveUp();
    expect(workspace.diagnostics(uri).map(({ severity, code }) => `${severity} ${code}`)).toEqual(['2 import-problem']);
  });

  it('is not fetched while its address is being typed', async () => {
    web.answers.set('/types.yaml', says(types));
    let text = '';
    const workspace = openWorkspace(wanted => (wanted === uri ? text : undefined), undefined, {
      limits,
      forbidden: () => undefined,
      delay: 30,
    });
    for (const file of ['/t', '/types', '/types.yaml']) {
      text = template(web.address + file);
      workspace.diagnostics(uri);
    }
    await workspace.ready([uri], true);
    expect(web.requests.map(request => request.url)).toEqual(['/types.yaml']);
    expect(workspace.diagnostics(uri)).toEqual([]);
  });
});

describe('copies of imports', () => {
  const again = () => found(template(`${web.address}/types.yaml`), { cache: () => cache });
  const copies = () => readdirSync(cache).map(name => path.join(cache, name));
  const age = (days: number) => {
    for (const copy of copies()) utimesSync(copy, Date.now() / 1000 - days * 86_400, Date.now() / 1000 - days * 86_400);
  };

  it('are used without asking for a day, then held against the server, and then good again', async () => {
    web.answers.set('/types.yaml', (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"', 'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT' }).end(types);
    });
    expect(await again()).toEqual([]);
    expect(await again()).toEqual([]);
    expect(web.requests).toHaveLength(1);
    age(2);
    expect(await again()).toEqual([]);
    expect(web.requests).toHaveLength(2);
    expect(web.requests[1]?.headers).toMatchObject({
      'if-none-match': '"1"',
      'if-modified-since': 'Wed, 01 Jan 2020 00:00:00 GMT',
    });
    await again();
    expect(web.requests).toHaveLength(2);
  });

  it('are used at once, and the newer text as soon as it is there', async () => {
    web.answers.set('/types.yaml', says(types));
    await again();
    age(2);
    web.answers.set('/types.yaml', says(types.replace('size', 'length')));
    const workspace = look(template(`${web.address}/types.yaml`), { cache: () => cache });
    expect(workspace.diagnostics(uri)).toEqual([]);
    await workspace.ready([uri], true);
    expect(workspace.diagnostics(uri).map(({ code }) => code)).toContain('unknown-property');
    expect((await again()).join()).toContain('unknown-property');
  });

  it('are used where the server does not answer', async () => {
    web.answers.set('/types.yaml', says(types));
    await again();
    age(2);
    web.answers.set('/types.yaml', () => undefined);
    expect(await again()).toEqual([]);
    await web.close();
    expect(await again()).toEqual([]);
  });

  it('are not believed where somebody has changed them', async () => {
    web.answers.set('/types.yaml', says(types));
    await again();
    for (const copy of copies()) writeFileSync(copy, readFileSync(copy, 'utf8').slice(0, -20));
    expect(await again()).toEqual([]);
    expect(web.requests).toHaveLength(2);
    for (const copy of copies()) writeFileSync(copy, Buffer.alloc(100));
    expect(await again()).toEqual([]);
    expect(web.requests).toHaveLength(3);
  });

  it('take no more room than they may: the oldest goes', async () => {
    const large = `${types}# ${'x'.repeat(5000)}\n`;
    for (const [at, name] of ['/a.yaml', '/b.yaml', '/c.yaml'].entries()) {
      web.answers.set(name, says(large));
      await found(template(web.address + name), { cache: () => cache, cacheBytes: 12_000 });
      age(1 - at / 10);
    }
    const kept = copies().map(copy => /[abc]\.yaml/.exec(readFileSync(copy, 'utf8'))?.[0]);
    expect(kept).toHaveLength(2);
    expect(kept).toContain('c.yaml');
  });

  it('are all that is lost where they cannot be written', async () => {
    web.answers.set('/types.yaml', says(types));
    const file = path.join(cache, 'file');
    writeFileSync(file, '');
    expect(await found(template(`${web.address}/types.yaml`), { cache: () => path.join(file, 'below') })).toEqual([]);
    expect(await found(template(`${web.address}/types.yaml`), { cache: () => '/proc/nowhere' })).toEqual([]);
    expect(readdirSync(cache)).toEqual(['file']);
  });
});
