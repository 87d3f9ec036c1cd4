// The language server as an editor meets it: the built program, over standard input and output.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-types';
import { header } from './features/cursor.ts';
import { type LanguageServer, startServer } from './language-server.ts';

const uri = 'file:///template.yaml';
const source = `${header}topology_template:
  node_templates:
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Dockr
`;

describe('the language server', () => {
  let server: LanguageServer;
  const start = async (capabilities: object = {}, rootUri: string | null = null) => {
    server = await startServer(rootUri, {}, capabilities);
  };
  afterEach(async () => expect(await server.stop()).toBe(0));

  const next = (version: number) => server.next(uri, version);
  const open = (text = source) => server.open(uri, text);
  const type = (version: number, line: number, character: number, end: number, text: string) =>
    server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character }, end: { line, character: end } }, text }],
    });

  it('reports what is wrong, with the version it speaks of, and takes it back once it is mended', async () => {
    await start();
    await open();
    const { diagnostics } = await next(1);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-type']);
    expect(diagnostics[0]?.codeDescription?.href).toMatch(/docs\/rules\.md#unknown-type$/);
    await type(2, 6, 49, 54, 'Docker');
    // what stays is about tidiness: nothing runs on the run time
    expect((await next(2)).diagnostics.map(({ code }) => code)).toEqual(['unused-node']);
  });

  it('keeps positions right after an edit above', async () => {
    await start();
    await open();
    await type(2, 3, 0, 0, '# a line above\n');
    const [diagnostic] = (await next(2)).diagnostics;
    expect(diagnostic?.range.start).toEqual({ line: 7, character: 12 });
  });

  it('completes, hovers and mends', async () => {
    await start();
    await open();
    const document = { textDocument: { uri } };
    const completion: { label: string }[] = await server.connection.sendRequest('textDocument/completion', {
      ...document,
      position: { line: 6, character: 53 },
    });
    const item = completion.find(({ label }) => label === 'tosca.nodes.indigo.Container.Runtime.Docker');
    const resolved: { documentation?: { value: string } } = await server.connection.sendRequest(
      'completionItem/resolve',
      item,
    );
    expect(resolved.documentation?.value).toContain('**tosca.nodes.indigo.Container.Runtime.Docker**');
    const hover = await server.connection.sendRequest('textDocument/hover', {
      ...document,
      position: { line: 4, character: 6 },
    });
    expect(JSON.stringify(hover)).toContain('node_templates');
    const range = { start: { line: 6, character: 20 }, end: { line: 6, character: 20 } };
    const actions: { title: string }[] = await server.connection.sendRequest('textDocument/codeAction', {
      ...document,
      range,
      context: { diagnostics: [] },
    });
    expect(actions.map(({ title }) => title)).toEqual([
      'Change to "tosca.nodes.indigo.Container.Runtime.Docker"',
      'Ignore "unknown-type" on this line',
    ]);
  });

  it('plans the text that is open, and tells its inputs', async () => {
    await start();
    await open(
      `${header}topology_template:\n  inputs:\n    port: { type: integer }\n    admin_password: { type: string, required: false }\n  node_templates: {}\n`,
    );
    const inputs = await server.connection.sendRequest('tosca/inputs', { uri });
    expect(inputs).toEqual([
      { name: 'port', type: 'integer', required: true, constraints: [], secret: false },
      { name: 'admin_password', type: 'string', required: false, constraints: [], secret: true },
    ]);
    expect(await server.connection.sendRequest('tosca/checkInput', { uri, name: 'port', value: 'x' })).toBe(
      '"x" is no whole number.',
    );
    expect(await server.connection.sendRequest('tosca/checkInput', { uri, name: 'port', value: '80' })).toBeNull();
    const plan = await server.connection.sendRequest('tosca/plan', { uri, inputs: { port: '80' } });
    expect(plan).toMatchObject({ name: 'template', release: 'deep_1', marathon: null, chronos: [], diagnostics: [] });
  });

  it('lives on after a request for a document that does not exist', async () => {
    await start();
    expect(
      await server.connection.sendRequest('textDocument/hover', {
        textDocument: { uri: 'file:///no/such/file.yaml' },
        position: { line: 0, character: 0 },
      }),
    ).toBeNull();
    await expect(server.connection.sendRequest('tosca/plan', { uri: 'untitled:x', inputs: {} })).rejects.toThrow(
      'cannot be read',
    );
    await open();
    expect((await next(1)).diagnostics).toHaveLength(1);
  });

  it('tells a client that asks, and tells it nothing twice', async () => {
    await start({ textDocument: { diagnostic: {} } });
    await open();
    const ask = (previousResultId?: string): Promise<{ kind: string; resultId: string; items?: Diagnostic[] }> =>
      server.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
    const first = await ask();
    expect(first).toMatchObject({ kind: 'full', items: [{ code: 'unknown-type' }] });
    expect(await ask(first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await type(2, 6, 49, 54, 'Docker');
    expect(await ask(first.resultId)).toMatchObject({ kind: 'full', items: [{ code: 'unused-node' }] });
    expect(server.published).toEqual([]);
  });

  describe('with a folder', () => {
    let folder: string;
    let file: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-workspace-'));
      file = path.join(folder, 'one.yaml');
      writeFileSync(file, source);
      writeFileSync(path.join(folder, 'other.yaml'), 'no: template\n');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('checks templates that are not open, and forgets those that are gone', async () => {
      await start({}, pathToFileURL(folder).href);
      const of = pathToFileURL(file).href;
      expect((await server.next(of, undefined)).diagnostics.map(({ code }) => code)).toEqual(['unknown-type']);
      expect(server.published).toHaveLength(1);
      rmSync(file);
      server.published.length = 0;
      await server.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: of, type: 3 }] });
      expect((await server.next(of, undefined)).diagnostics).toEqual([]);
    });

    it('tells of them when a client asks for the whole workspace', async () => {
      await start({ textDocument: { diagnostic: {} } }, pathToFileURL(folder).href);
      const ask = (previousResultIds: readonly { uri: string; value: string }[]) =>
        server.connection.sendRequest<{
          items: { kind: string; uri: string; resultId: string; items?: Diagnostic[] }[];
        }>('workspace/diagnostic', { previousResultIds });
      const { items } = await ask([]);
      const of = pathToFileURL(file).href;
      expect(items).toMatchObject([{ kind: 'full', uri: of, items: [{ code: 'unknown-type' }] }]);
      const value = items[0]?.resultId ?? '';
      expect((await ask([{ uri: of, value }])).items).toMatchObject([{ kind: 'unchanged', uri: of }]);
    });

    it('checks against the release that is set', async () => {
      await start({}, pathToFileURL(folder).href);
      await open(`${header}topology_template:\n  node_templates: {}\n`);
      await next(1);
      await server.connection.sendNotification('workspace/didChangeConfiguration', {
        settings: { toscaMesos: { release: 'indigo_1' } },
      });
      const plan = await server.connection.sendRequest('tosca/plan', { uri, inputs: {} });
      expect(plan).toMatchObject({ release: 'indigo_1' });
    });
  });

  it('ends what a newer keystroke makes out of date', async () => {
    await start();
    const node = (number: number) => `    runtime${number}: { type: tosca.nodes.indigo.Container.Runtime.Docker }\n`;
    const long = `${header}topology_template:\n  node_templates:\n${Array.from({ length: 20_000 }, (_, at) => node(at)).join('')}`;
    await open(long);
    for (let version = 2; version < 6; version++) await type(version, 5, 4, 4, 'x');
    await next(5);
    expect(server.published.map(({ version }) => version)).toEqual([5]);
  });
});

describe('a client that is gone', () => {
  it('is not waited for', async () => {
    const server = await startServer(null);
    await server.open(uri, source);
    expect(await server.hangUp()).toBe(1);
  });

  it('has gone rightly after a shutdown', async () => {
    const server = await startServer(null);
    await server.connection.sendRequest('shutdown');
    expect(await server.hangUp()).toBe(0);
  });
});
