// Runs every test after the set-up that it needs, each stage whatever became of the others, and adds up the outcome.
// `npm test -- STAGE...` runs some. Exit code 1 when anything failed.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pack } from './package.mjs';
import { setup } from './setup.mjs';
import { Failure, read, root, run, script, seconds } from './step.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Outcome
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} what
 * @property {readonly import('./setup.mjs').Part[]} needs
 * @property {() => Promise<Outcome>} run
 */

const bin = (/** @type {string} */ name) => path.join(root, 'node_modules/.bin', name);

/** @type {readonly Stage[]} */
const stages = [
  {
    name: 'lint',
    what: 'style and likely mistakes',
    needs: [],
    run: () => one(() => run('lint', bin('biome'), ['check', '.'])),
  },
  {
    name: 'types',
    what: 'types, and who may import whom',
    needs: [],
    run: () => one(() => run('types', bin('tsc'), ['-b'])),
  },
  {
    name: 'unused',
    what: 'files, exports and packages that nothing uses',
    needs: [],
    run: () => one(() => run('unused', bin('knip'), [])),
  },
  { name: 'unit', what: 'unit tests', needs: ['build', 'haproxy', 'clients'], run: () => vitest('unit', []) },
  {
    name: 'docker',
    what: 'tasks in a real Docker engine',
    needs: ['build', 'docker'],
    run: () => vitest('docker', ['--config', 'test/docker/vitest.config.mts']),
  },
  { name: 'package', what: 'the package and its contents', needs: ['build'], run: () => one(pack) },
  {
    name: 'host',
    what: 'inside the extension host of a real VS Code',
    needs: ['build', 'vscode', 'browser'],
    run: () => endToEnd('host'),
  },
  {
    name: 'page',
    what: 'through the page of a real VS Code',
    needs: ['build', 'vscode', 'browser'],
    run: () => endToEnd('page'),
  },
];

/** A stage that is one test case. @param {() => Promise<unknown>} work @returns {Promise<Outcome>} */
async function one(work) {
  try {
    await work();
    return { passed: 1, failed: 0, skipped: 0, failures: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { passed: 0, failed: 1, skipped: 0, failures: [`${error.tail}\n${error.message}`] };
  }
}

/** @param {'host' | 'page'} name */
async function endToEnd(name) {
  await pack();
  return vitest(name, ['--config', 'test/e2e/vitest.config.mts', `test/e2e/${name}`]);
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
async function vitest(name, args) {
  const file = path.join(root, `build/results/${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  /** @type {string[]} */
  const failures = [];
  try {
    await run(name, bin('vitest'), ['run', ...reporters, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failures.push(`${error.tail}\n${error.message}`);
  }
  const result = JSON.parse(read(file) ?? '{}');
  const failed = Number(result.numFailedTests ?? 0);
  return {
    passed: Number(result.numPassedTests ?? 0),
    // A file that cannot be loaded, or an error outside of any test, has no test of its own that failed.
    failed: failures.length > 0 ? Math.max(failed, 1) : failed,
    skipped: Number(result.numPendingTests ?? 0) + Number(result.numTodoTests ?? 0),
    failures,
  };
}

await script(async () => {
  const names = process.argv.slice(2);
  const unknown = names.filter(name => !stages.some(stage => stage.name === name));
  if (unknown.length > 0) {
    const list = stages.map(({ name, what }) => `  ${name.padEnd(9)}${what}`).join('\n');
    throw new Failure(`There is no stage "${unknown.join('", "')}". The stages are:\n${list}`);
  }
  const chosen = names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
  const began = Date.now();
  await setup(['packages', ...chosen.flatMap(({ needs }) => needs)]);

  const total = { passed: 0, failed: 0, skipped: 0 };
  const rows = [];
  for (const stage of chosen) {
    const start = Date.now();
    console.log(`\n${stage.name}: ${stage.what}`);
    const outcome = await stage.run();
    for (const failure of outcome.failures) console.log(failure);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    const row = `${stage.name.padEnd(9)}${summary(outcome).padEnd(36)}${seconds(start)}`;
    rows.push(row);
    console.log(`  ${summary(outcome)} in ${seconds(start)}`);
  }
  console.log(`\n${rows.join('\n')}\n\nAll in ${seconds(began)}\n${summary(total)}`);
  if (total.failed > 0) process.exitCode = 1;
});

/** @param {{ passed: number, failed: number, skipped: number }} counts */
function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
