// Completes package-lock.json: npm leaves out optional packages of platforms other than the one it runs on (npm/cli issue 4828),
// and then `npm ci` refuses the file. Setting up does this by itself; `node scripts/lockfile.mjs` does it after an `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './step.mjs';

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * The entries that a lock file lacks, by their path. A package's name tells its platform: `@biomejs/cli-linux-x64-musl`.
 * @param {Record<string, Entry>} packages
 */
function missing(packages) {
  /** @type {Record<string, Entry>} */
  const found = {};
  for (const { dev, optionalDependencies = {} } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const words = name.replace(/^@[^/]*\//, '').split('-');
      const os = words.filter(word => systems.includes(word));
      const cpu = words.filter(word => processors.includes(word));
      const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
      const known = Object.keys(packages).some(at => at.endsWith(`node_modules/${name}`));
      if (known || os.length === 0 || !/^\d+\.\d+\.\d+/.test(version)) continue;
      found[`node_modules/${name}`] = {
        version,
        ...(cpu.length > 0 ? { cpu } : {}),
        ...(dev ? { dev } : {}),
        ...(libc.length > 0 ? { libc } : {}),
        optional: true,
        os,
      };
    }
  }
  return found;
}

/** Adds what the lock file in a folder lacks. @param {string} folder */
export function completeLock(folder) {
  const file = path.join(folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const more = missing(lock.packages);
  const names = Object.keys(more);
  if (names.length === 0) return;
  const all = Object.entries({ ...lock.packages, ...more });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`  Added ${names.length} entries to package-lock.json that npm had left out; commit them.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) completeLock(root);
