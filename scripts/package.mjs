// Makes tosca-mesos-VERSION.vsix and looks into it: only what runs, all that the manifest names, less than 3 MB.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInputs, setup } from './setup.mjs';
import { Failure, read, root, run, script, seconds } from './step.mjs';

const limit = 3_000_000;

/** What may be in the package; `extension/` is the extension's own folder in it. */
const expected = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt|language-configuration\.json)$/,
  /^extension\/dist\/((extension|server|cli|undici)\.cjs|THIRD-PARTY-NOTICES\.txt)$/,
  /^extension\/docs\/[\w-]+\.md$/,
  /^extension\/bin\/(tosca-mesos(-language-server)?|load\.cjs)$/,
  /^extension\/assets\/[\w-]+\.(png|svg)$/,
  /^extension\/examples\/[\w-]+\.tosca\.yaml$/,
  /^extension\/schemas\/[\w./-]+\.(ya?ml|json)$/,
  /^extension\/snippets\/[\w-]+\.(json|code-snippets)$/,
  /^extension\/syntaxes\/[\w.-]+\.tmLanguage\.json$/,
];

/** Packages what is built, unless the package is up to date. Resolves to the file. */
export async function pack() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, `${manifest.name}-${manifest.version}.vsix`);
  const stamp = path.join(root, 'dist/.packaged');
  const want = buildInputs();
  if (read(stamp) === want && read(file) !== undefined) return file;
  await run('package', process.execPath, [
    path.join(root, 'node_modules/@vscode/vsce/vsce'),
    ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file],
  ]);
  const problems = inspect(file, manifest);
  if (problems.length > 0) throw new Failure(`${path.basename(file)} is not fit to be shipped.`, problems.join('\n'));
  writeFileSync(stamp, want);
  return file;
}

/**
 * What is wrong with a package, one sentence each.
 * @param {string} file
 * @param {{ main?: string, icon?: string, bin?: Record<string, string>, contributes?: unknown }} manifest
 */
function inspect(file, manifest) {
  const entries = entriesOf(readFileSync(file));
  const { size } = statSync(file);
  const wanted = [manifest.main, manifest.icon, ...Object.values(manifest.bin ?? {}), ...pathsIn(manifest.contributes)]
    .filter(name => name !== undefined)
    .map(name => path.posix.join('extension', name));
  return [
    ...entries
      .filter(name => !expected.some(pattern => pattern.test(name)))
      .map(name => `${name} does not belong in it.`),
    ...wanted.filter(name => !entries.includes(name)).map(name => `${name}, which the manifest names, is missing.`),
    ...(size > limit ? [`It has ${size} bytes; more than ${limit} are too many.`] : []),
  ];
}

/** Every relative path in a part of the manifest. @param {unknown} value @returns {string[]} */
function pathsIn(value) {
  if (typeof value === 'string') return value.startsWith('./') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/** The names in a zip file, from its central directory (PKWARE APPNOTE 4.3.12 and 4.3.16). @param {Buffer} zip */
function entriesOf(zip) {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await script(async () => {
    const began = Date.now();
    await setup(['packages', 'build']);
    const file = await pack();
    const kilobytes = Math.round(statSync(file).size / 1000);
    console.log(`${path.relative(process.cwd(), file)} (${kilobytes} kB) in ${seconds(began)}`);
  });
}
