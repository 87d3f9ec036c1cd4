// The local cluster in the background, as scripts use it: the built program, with an address file of its own.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { header } from '../server/features/cursor.ts';

const program = path.join(__dirname, '../../bin/tosca-mesos');
let folder: string;

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: readonly string[]): Promise<Run> =>
  new Promise(resolve => {
    const env = { ...process.env, XDG_RUNTIME_DIR: folder };
    const child = execFile(process.execPath, [program, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-background-'));
});
afterEach(async () => {
  await run('local', '--stop');
  rmSync(folder, { recursive: true, force: true });
});

describe('the local cluster in the background', () => {
  it('runs until it is stopped', async () => {
    const started = await run('local', '--detach', '--port-base', '0', '--release', 'indigo_2');
    expect(started).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^What the local cluster has to say is in .*local\.log\.\n$/),
    });
    const { marathon } = JSON.parse(started.stdout) as { marathon: string };
    expect(await (await fetch(`${marathon}/v2/info`)).json()).toMatchObject({ version: '1.4.1' });
    expect(await run('local', '--stop')).toMatchObject({ code: 0, stdout: 'The local cluster is stopped.\n' });
    await expect(fetch(`${marathon}/ping`)).rejects.toThrow();
    expect(await run('local', '--stop')).toMatchObject({ code: 0, stdout: 'The local cluster is not running.\n' });
  });

  it('says why it could not start', async () => {
    expect(await run('local', '--detach', '--state', '/dev/null/nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/dev/null/nowhere'),
    });
    expect(await run('local', '--detach', '--release', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('indigo_1'),
    });
  });

  it('is started by a deployment to it, which says so', async () => {
    const template = path.join(folder, 'one.yaml');
    writeFileSync(
      template,
      `${header}topology_template:
  node_templates:
    one:
      type: tosca.nodes.indigo.Container.Application.Docker.Chronos
      properties: { command: echo done }
      artifacts:
        image: { file: busybox, type: tosca.artifacts.Deployment.Image.Container.Docker }
      requirements:
        - host: runtime
    runtime: { type: tosca.nodes.indigo.Container.Runtime.Docker }
`,
    );
    expect(await run('status', '--of', 'local')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not running'),
    });
    const deployed = await run('deploy', template, '--to', 'local');
    expect(deployed).toMatchObject({ code: 0, stderr: expect.stringContaining('The local cluster was started') });
    expect((await run('status', '--of', 'local')).stdout).toContain('one--one');
  });
});
