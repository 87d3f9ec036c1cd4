// The language server as an editor meets it: the built program, over standard input and output.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver-types';
import { header } from './features/cursor.ts';

const program = path.join(__dirname, '../../bin/tosca-mesos-language-server');
const uri = 'file:///template.yaml';
const source = `${header}topology_template:
  node_templates:
    runtime:
      type: tosca.nodes.indigo.Container.Runtime.Dockr
`;

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

describe('the language server', () => {
  let child: ChildProcess;
  let connection: ProtocolConnection;
  let published: Published[];
  let waiting: (() => void) | undefined;

  beforeEach(async () => {
    child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (child.stdin === null || child.stdout === null) throw new Error('no pipes');
    connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    published = [];
    connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
      published.push(params);
      waiting?.();
    });
    connection.listen();
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await connection.sendNotification('initialized', {});
  });

  afterEach(async () => {
    await connection.sendRequest('shutdown');
    const gone = new Promise(resolve => child.once('exit', resolve));
    await connection.sendNotification('exit');
    expect(await gone).toBe(0);
    connection.dispose();
  });

  const next = async (version: number): Promise<Published> => {
    for (;;) {
      const found = published.find(each => each.version === version);
      if (found !== undefined) return found;
      await new Promise<void>(resolve => {
        waiting = resolve;
      });
    }
  };
  const open = (text = source) =>
    connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'tosca', version: 1, text },
    });
  const type = (version: number, line: number, character: number, end: number, text: string) =>
    connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character }, end: { line, character: end } }, text }],
    });

  it('reports what is wrong, with the version it speaks of, and takes it back once it is mended', async () => {
    await open();
    const { diagnostics } = await next(1);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-type']);
    expect(diagnostics[0]?.codeDescription?.href).toMatch(/docs\/rules\.md#unknown-type$/);
    await type(2, 6, 49, 54, 'Docker');
    // what stays is about tidiness: nothing runs on the run time
    expect((await next(2)).diagnostics.map(({ code }) => code)).toEqual(['unused-node']);
  });

  it('keeps positions right after an edit above', async () => {
    await open();
    await type(2, 3, 0, 0, '# a line above\n');
    const [diagnostic] = (await next(2)).diagnostics;
    expect(diagnostic?.range.start).toEqual({ line: 7, character: 12 });
  });

  it('completes, hovers and mends', async () => {
    await open();
    const document = { textDocument: { uri } };
    const completion: { label: string }[] = await connection.sendRequest('textDocument/completion', {
      ...document,
      position: { line: 6, character: 53 },
    });
    const item = completion.find(({ label }) => label === 'tosca.nodes.indigo.Container.Runtime.Docker');
    const resolved: { documentation?: { value: string } } = await connection.sendRequest(
      'completionItem/resolve',
      item,
    );
    expect(resolved.documentation?.value).toContain('**tosca.nodes.indigo.Container.Runtime.Docker**');
    const hover = await connection.sendRequest('textDocument/hover', {
      ...document,
      position: { line: 4, character: 6 },
    });
    expect(JSON.stringify(hover)).toContain('node_templates');
    const range = { start: { line: 6, character: 20 }, end: { line: 6, character: 20 } };
    const actions: { title: string }[] = await connection.sendRequest('textDocument/codeAction', {
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
    await open(
      `${header}topology_template:\n  inputs:\n    port: { type: integer }\n    admin_password: { type: string, required: false }\n  node_templates: {}\n`,
    );
    const inputs = await connection.sendRequest('tosca/inputs', { uri });
    expect(inputs).toEqual([
      { name: 'port', type: 'integer', required: true, constraints: [], secret: false },
      { name: 'admin_password', type: 'string', required: false, constraints: [], secret: true },
    ]);
    expect(await connection.sendRequest('tosca/checkInput', { uri, name: 'port', value: 'x' })).toBe(
      '"x" is no whole number.',
    );
    expect(await connection.sendRequest('tosca/checkInput', { uri, name: 'port', value: '80' })).toBeNull();
    const plan = await connection.sendRequest('tosca/plan', { uri, inputs: { port: '80' } });
    expect(plan).toMatchObject({ name: 'template', release: 'deep_1', marathon: null, chronos: [], diagnostics: [] });
  });

  it('lives on after a request for a document that does not exist', async () => {
    expect(
      await connection.sendRequest('textDocument/hover', {
        textDocument: { uri: 'file:///no/such/file.yaml' },
        position: { line: 0, character: 0 },
      }),
    ).toBeNull();
    await expect(connection.sendRequest('tosca/plan', { uri: 'untitled:x', inputs: {} })).rejects.toThrow(
      'cannot be read',
    );
    await open();
    expect((await next(1)).diagnostics).toHaveLength(1);
  });
});
