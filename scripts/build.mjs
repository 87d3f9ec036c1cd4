// Bundles what runs into dist/: the extension, the language server and the command line, one CommonJS file each, what only some need apart,
// and the licences of the libraries that are in them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const entries = {
  extension: 'client/src/extension.ts',
  server: 'server/src/main.ts',
  cli: 'cli/src/run.ts',
  // what only some need is a file of its own: the more there is in a program, the longer it takes to start
  undici: 'node_modules/undici/index.js',
};

/** @type {import('esbuild').Plugin} */
const apart = {
  name: 'apart',
  setup(bundling) {
    bundling.onResolve({ filter: /^undici$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: './undici.cjs', external: true } : undefined,
    );
  },
};

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
  legalComments: 'none',
  absWorkingDir: root,
  entryPoints: entries,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  plugins: [apart],
  platform: 'node',
  target: 'node20',
  // Node 20's V8 gives each object that is written as { ...some, more } a shape of its own, and all code that meets many shapes is slow:
  // js-yaml's parser takes twice as long. Spelled out, as for older targets, they share one.
  supported: { 'object-rest-spread': false },
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: !process.argv.includes('--dev'),
  sourcemap: process.argv.includes('--dev') ? 'linked' : false,
  logLevel: 'warning',
});

writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices(Object.keys(metafile.inputs)));

/**
 * The licence texts of the packages that bundled files come from.
 * @param {readonly string[]} files
 */
function notices(files) {
  const folders = files.flatMap(file => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(path.join(root, folder)).find(each => /^licen[cs]e/i.test(each));
      const text = file === undefined ? '' : readFileSync(path.join(root, folder, file), 'utf8').trim();
      return `${name} ${version} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
