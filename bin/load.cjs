// Runs a bundle of dist/ so that it is quick from the start, above all with the code that V8 compiled in an earlier run: compiling takes
// a third of a start, and slows the first edits. Node's own compile cache (since 22.1) keeps what the first run compiled; this one, what
// the run did that did the most.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { createRequire, wrap } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

/** Of dist/, by its name without `.cjs`. */
module.exports = function load(name) {
  const file = path.join(__dirname, `../dist/${name}.cjs`);
  if (!fs.existsSync(file)) {
    console.error('tosca-mesos is not built yet: run "npm ci && npm run build" in its folder first.');
    process.exit(2);
  }
  // V8 11 hands code to its optimizing compiler so early that on two cores the compiler and the edits get in each other's way
  if (/^11\./.test(process.versions.v8)) v8.setFlagsFromString('--interrupt-budget=528000');
  const cache = cacheFile(name);
  if (cache === undefined) {
    require(file);
    return;
  }
  v8.setFlagsFromString('--no-flush-bytecode'); // what was compiled stays: for the cache, and for who comes back after a break
  const { mtimeMs, size } = fs.statSync(file);
  const of = `${file} ${mtimeMs} ${size} ${process.version}`;
  const kept = read(cache, of);
  const script = new vm.Script(wrap(fs.readFileSync(file, 'utf8')), { filename: file, cachedData: kept?.code });
  const before = script.cachedDataRejected === false ? kept.work : 0;
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    if (user + system >= 2 * before) keep(cache, { of, work: user + system }, script);
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file));
};

/** Undefined where nothing is to be kept. A debugger or a profiler changes how V8 compiles. */
function cacheFile(name) {
  const { XDG_CACHE_HOME, HOME = os.homedir(), NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE || process.execArgv.length > 0 || !(XDG_CACHE_HOME || HOME)) return undefined;
  return path.join(XDG_CACHE_HOME || path.join(HOME, '.cache'), 'tosca-mesos/code', `${name}-${process.versions.v8}`);
}

/** V8 does not survive code that is damaged. */
const sumOf = code => createHash('sha1').update(code).digest('hex');

/** The compiled code of `of`, and how much work the run had done that kept it, in microseconds of CPU time. Undefined where there is none. */
function read(cache, of) {
  try {
    const all = fs.readFileSync(cache);
    const end = all.indexOf('\n');
    const head = JSON.parse(all.toString('utf8', 0, end));
    const code = all.subarray(end + 1);
    return head.of === of && head.sum === sumOf(code) ? { code, work: head.work } : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever goes wrong, the next run only starts more slowly. */
function keep(cache, head, script) {
  const own = `${cache}.${process.pid}`;
  try {
    const code = script.createCachedData();
    const line = Buffer.from(`${JSON.stringify({ ...head, sum: sumOf(code) })}\n`);
    fs.mkdirSync(path.dirname(cache), { recursive: true, mode: 0o700 });
    fs.writeFileSync(own, Buffer.concat([line, code]), { mode: 0o600, flush: true });
    fs.renameSync(own, cache);
  } catch {
    try {
      fs.rmSync(own, { force: true });
    } catch {}
  }
}
