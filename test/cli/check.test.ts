// `check` and `plan` as scripts use them: exit codes, formats, bad input.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { header } from '../server/features/cursor.ts';
import { runCommand } from './terminal.ts';

let folder: string;
const file = (name: string) => path.join(folder, name);

const good = `${header}topology_template:
  inputs:
    image: { type: string }
    port: { type: integer, default: 80 }
  node_templates:
    web:
      type: tosca.nodes.indigo.Container.Application.Docker.Marathon
      artifacts:
        image: { file: { get_input: image }, type: tosca.artifacts.Deployment.Image.Container.Docker }
      requirements:
        - host: runtime
    runtime: { type: tosca.nodes.indigo.Container.Runtime.Docker }
  outputs:
    port: { value: { get_input: port } }
`;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-cli-'));
  writeFileSync(file('good.yaml'), good);
  writeFileSync(
    file('bad.yaml'),
    good.replace('requirements', 'requirement').replace('Docker.Marathon', 'Docker.Maraton'),
  );
  writeFileSync(file('warned.yaml'), good.replace('default: 80', 'required: no'));
  writeFileSync(file('other.yaml'), 'some: thing\n');
  writeFileSync(file('latin1.yaml'), Buffer.from('tosca_definitions_version: \xe9\n', 'latin1'));
  writeFileSync(file('empty.yaml'), '');
  writeFileSync(file('inputs.yaml'), 'image: nginx\nport: 8080\n');
  writeFileSync(file('list.yaml'), '- a\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('check', () => {
  it('is silent and 0 on what is right, in JSON with an entry for each file', async () => {
    const { code, stdout } = await runCommand(['check', file('good.yaml'), '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([{ file: file('good.yaml'), diagnostics: [] }]);
  });

  it('is 1 on errors, and on warnings only when asked', async () => {
    expect((await runCommand(['check', file('bad.yaml')])).code).toBe(1);
    expect((await runCommand(['check', file('warned.yaml')])).code).toBe(0);
    expect((await runCommand(['check', file('warned.yaml'), '--fail-on', 'warning'])).code).toBe(1);
  });

  it('prints a line for each finding, with its place', async () => {
    const { stdout } = await runCommand(['check', file('bad.yaml')]);
    expect(stdout).toContain(`${file('bad.yaml')}:10:13: error unknown-type: There is no node type`);
    expect(stdout).toContain('1 file: 1 error, 1 warning.');
  });

  it('looks in folders for files that say that they are TOSCA', async () => {
    const { stdout } = await runCommand(['check', folder, '--format', 'json']);
    const files = (JSON.parse(stdout) as { file: string }[]).map(each => path.basename(each.file));
    expect(files).toEqual(['bad.yaml', 'good.yaml', 'latin1.yaml', 'warned.yaml']);
  });

  it('writes SARIF with places that count from 1', async () => {
    const { stdout } = await runCommand(['check', file('bad.yaml'), '--format', 'sarif']);
    const [result] = JSON.parse(stdout).runs[0].results;
    expect(result).toMatchObject({
      ruleId: 'unknown-type',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 10, startColumn: 13 } } }],
    });
  });

  it('tells what it cannot read', async () => {
    expect(await runCommand(['check', file('none.yaml')])).toMatchObject({
      code: 2,
      stderr: `${file('none.yaml')} does not exist.\n`,
    });
    const { stdout, code } = await runCommand(['check', file('latin1.yaml')]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('is not valid UTF-8')]);
    const empty = await runCommand(['check', file('empty.yaml')]);
    expect([empty.code, empty.stdout]).toEqual([1, expect.stringContaining('tosca_definitions_version')]);
  });

  it('explains itself when it is called wrongly', async () => {
    expect(await runCommand(['check'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') });
    expect(await runCommand(['check', '--colour', folder])).toMatchObject({ code: 2 });
    expect(await runCommand(['chekc'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no command "chekc"'),
    });
  });
});

describe('plan', () => {
  it('prints the bodies, from inputs of a file and of the command line', async () => {
    const { code, stdout } = await runCommand([
      'plan',
      file('good.yaml'),
      '--inputs',
      file('inputs.yaml'),
      '--set',
      'image=httpd',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout);
    expect(Object.keys(plan)).toEqual(['name', 'release', 'marathon', 'chronos', 'outputs', 'diagnostics']);
    expect(plan).toMatchObject({
      name: 'good',
      marathon: { id: '/good', apps: [{ id: 'web', container: { docker: { image: 'httpd' } } }] },
    });
  });

  it('is 1 when an input is missing, and still shows the rest', async () => {
    const { code, stdout } = await runCommand(['plan', file('good.yaml'), '--name', 'mine']);
    expect(code).toBe(1);
    expect(stdout).toContain('missing-input: The input "image" is required');
    expect(stdout).toContain('"id": "/mine"');
  });

  it('tells what it cannot use', async () => {
    expect(await runCommand(['plan', file('none.yaml')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('does not exist'),
    });
    expect(await runCommand(['plan', file('good.yaml'), '--inputs', file('list.yaml')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('must hold a map'),
    });
    expect(await runCommand(['plan', file('good.yaml'), '--set', 'novalue'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('NAME=VALUE'),
    });
    expect(await runCommand(['plan', file('good.yaml'), '--release', 'indigo_9'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('indigo_1, indigo_2, deep_1'),
    });
  });
});
