// Measures the language server and the local cluster, side by side with others: makes the set-up, installs the peer, bundles
// bench/ and runs it. `npm run bench -- --help` tells the options. What is measured, and how, is in bench/.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { installed, npm, setup } from './setup.mjs';
import { Failure, root, run, script, step } from './step.mjs';

const peer = path.join(root, 'bench/peer');

await script(async () => {
  await setup(['packages', 'build']);
  await step(
    'yaml-language-server',
    () => installed(peer),
    async () => void (await run('setup-peer', npm, ['ci'], { cwd: peer })),
  );
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: { bench: 'bench/main.ts', 'bench-floor': 'bench/floor.ts' },
    outdir: 'build',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const child = spawn(process.execPath, [path.join(root, 'build/bench.cjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve, reject) => {
    child.once('error', error => reject(new Failure(`The benchmark could not be started: ${error.message}.`)));
    child.once('exit', (exit, signal) => resolve(signal === null ? exit : 1));
  });
  process.exitCode = Number(code);
});
