// Where imports lead, and by which names their types are known.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../server/src/index.ts';
import { importTarget, readImportMap } from '../../../server/src/workspace/imports.ts';
import { defaultSettings } from '../../../server/src/workspace/settings.ts';
import { corpus, hasCorpus } from '../../corpus.ts';

const version = 'tosca_definitions_version: tosca_simple_yaml_1_2\n';
const main = 'file:///w/main.yaml';

/** `line code: message` of the main file, where these files and no others are. */
function found(files: Readonly<Record<string, string>>, map: Readonly<Record<string, string>> = {}): readonly string[] {
  const settings = { ...defaultSettings, imports: { fetch: false, map } };
  const read = (uri: string) => {
    const name = uri.slice('file:///w/'.length);
    return Object.hasOwn(files, name) ? files[name] : undefined;
  };
  const workspace = openWorkspace(read, settings, { folder: () => '/w' });
  return workspace.diagnostics(main).map(({ range, code, message }) => `${range.start.line + 1} ${code}: ${message}`);
}

describe('an import leads', () => {
  const none = new Map<string, string>();
  it.each<[string, string, string | undefined, string]>([
    ['types.yaml', main, undefined, 'file:///w/types.yaml'],
    ['../a b/types#1.yaml?', main, undefined, 'file:///a%20b/types%231.yaml%3F'],
    ['100%.yaml', main, undefined, 'file:///w/100%25.yaml'],
    ['/etc/types.yaml', main, undefined, 'file:///etc/types.yaml'],
    ['file:///etc/types.yaml', main, undefined, 'file:///etc/types.yaml'],
    ['https://example.org/types.yaml?x=1', main, undefined, 'https://example.org/types.yaml?x=1'],
    ['../types.yaml', 'https://example.org/a/b.yaml', undefined, 'https://example.org/types.yaml'],
    ['a/types.yaml', main, 'https://example.org/base', 'https://example.org/base/a/types.yaml'],
    ['a/types.yaml', main, 'https://example.org/base/', 'https://example.org/base/a/types.yaml'],
    ['types.yaml', main, './repository', 'file:///w/repository/types.yaml'],
    ['../b.yaml', 'tosca-csar:/w/x.csar/a/main.yaml', undefined, 'tosca-csar:/w/x.csar/b.yaml'],
  ])('from `%s` in %s (base %s) to %s', (written, from, base, uri) => {
    expect(importTarget(written, from, none, base)).toMatchObject({ uri });
  });

  it.each<[string, string, string]>([
    ['', main, 'A path or URL is expected.'],
    ['ftp://example.org/types.yaml', main, 'not from `ftp:`'],
    ['http://', main, 'is neither a path nor a URL'],
    ['types.yaml', 'untitled:Untitled-1', 'save it first'],
    ['file:///etc/passwd', 'https://example.org/a.yaml', 'leads from the web to files of this machine'],
    ['../../../etc/passwd', 'tosca-csar:/w/x.csar/a/main.yaml', 'leads out of the archive'],
    ['../../y.csar/a.yaml', 'tosca-csar:/w/x.csar/a/main.yaml', 'leads out of the archive'],
  ])('from `%s` in %s nowhere', (written, from, problem) => {
    expect(importTarget(written, from, none)).toMatchObject({
      kind: 'invalid',
      problem: expect.stringContaining(problem),
    });
  });

  it.each([
    'https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml',
    'https://raw.githubusercontent.com/indigo-dc/tosca-types/dodas_roll/custom_types.yaml',
    'https://raw.githubusercontent.com/indigo-dc/tosca-types/refs/heads/devel/custom_types.yaml',
    'http://raw.githubusercontent.com/indigo-dc/tosca-types/v4.0.0/custom_types.yaml',
    'https://github.com/indigo-dc/tosca-types/raw/master/custom_types.yaml?raw=true',
  ])('from %s to the bundled INDIGO types', written => {
    expect(importTarget(written, main, none)).toMatchObject({ kind: 'bundled', family: 'indigo' });
  });

  it.skipIf(!hasCorpus)('from every address in the corpus to the bundled INDIGO types', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const texts = readdirSync(`${corpus}/indigo`, { recursive: true, encoding: 'utf8' })
      .filter(file => /\.ya?ml$/.test(file))
      .map(file => readFileSync(`${corpus}/indigo/${file}`, 'utf8'));
    const addresses = texts.flatMap(text => /indigo_custom_types:\s*"?(\S+?)"?\s*$/m.exec(text)?.[1] ?? []);
    expect(addresses.length).toBeGreaterThan(10);
    expect(addresses.filter(address => importTarget(address, main, none).kind !== 'bundled')).toEqual([]);
  });

  it('to a file that the user sets in its place, the longest beginning first', () => {
    const map = readImportMap(
      {
        'https://example.org/': './types/',
        'https://example.org/a/': '/b/',
        'https://example.org/a/one.yaml': 'one.yaml',
      },
      '/w',
    );
    const uri = (written: string) => importTarget(written, main, map);
    expect(uri('https://example.org/x/y.yaml')).toMatchObject({ uri: 'file:///w/types/x/y.yaml', mapped: true });
    expect(uri('https://example.org/a/y.yaml')).toMatchObject({ uri: 'file:///b/y.yaml' });
    expect(uri('https://example.org/a/one.yaml')).toMatchObject({ uri: 'file:///w/one.yaml' });
    expect(uri('https://example.com/a')).toMatchObject({ kind: 'remote' });
  });
});

const types = `${version}node_types:
  own.Node: { derived_from: tosca.nodes.Root, properties: { size: { type: own.Size } } }
data_types:
  own.Size: { derived_from: integer, constraints: [ { less_than: 9 } ] }
`;
const using = (imports: string, type: string, size = '1') =>
  `${version}imports:\n${imports}\ntopology_template:\n  node_templates:\n    node: { type: ${type}, properties: { size: ${size} } }\n`;

describe('types', () => {
  it.each([
    '  - types.yaml',
    '  - own: types.yaml',
    '  - own: { file: types.yaml }',
    '  - own: { file: types.yaml, repository: here }',
    '  - file: types.yaml',
    '  - { file: types.yaml, namespace_uri: http://example.org/ }',
  ])('are known from %s', imports => {
    const files = (size: string) => ({
      'main.yaml': `${using(imports, 'own.Node', size)}repositories: { here: { url: . } }\n`,
      'types.yaml': types,
    });
    expect(found(files('1'))).toEqual([]);
    expect(found(files('10'))).toEqual([expect.stringContaining('constraint-violation')]);
  });

  it('have the prefix that the import gives them, and find each other by their own names', () => {
    const imports = '  - { file: types.yaml, namespace_prefix: p }';
    expect(found({ 'main.yaml': using(imports, 'p:own.Node'), 'types.yaml': types })).toEqual([]);
    expect(found({ 'main.yaml': using(imports, 'p:own.Node', '10'), 'types.yaml': types })).toEqual([
      expect.stringContaining('constraint-violation'),
    ]);
    expect(found({ 'main.yaml': using(imports, 'own.Node'), 'types.yaml': types })).toEqual([
      expect.stringContaining('Did you mean "p:own.Node"?'),
    ]);
  });

  it('have the prefixes of all imports on the way', () => {
    const files = {
      'between.yaml': `${version}imports: [ { file: types.yaml, namespace_prefix: q } ]
node_types: { mid.Node: { derived_from: 'q:own.Node' } }\n`,
      'types.yaml': types,
    };
    const imports = '  - { file: between.yaml, namespace_prefix: p }';
    for (const type of ['p:mid.Node', 'p:q:own.Node']) {
      expect(found({ ...files, 'main.yaml': using(imports, type) })).toEqual([]);
      expect(found({ ...files, 'main.yaml': using(imports, type, '10') })).toEqual([
        expect.stringContaining('constraint-violation'),
      ]);
    }
  });

  it('are known once from files that import each other, with prefixes too', () => {
    const circle = `${types}imports: [ main.yaml, { file: types.yaml, namespace_prefix: p }, { file: main.yaml, namespace_prefix: q } ]\n`;
    expect(found({ 'main.yaml': using('  - types.yaml', 'own.Node'), 'types.yaml': circle })).toEqual([]);
  });

  it('come to an end where prefixes multiply', () => {
    const twice = (next: string) =>
      `${version}imports: [ { file: ${next}, namespace_prefix: a }, { file: ${next}, namespace_prefix: b } ]\n`;
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}.yaml`, twice(`t${at + 1}.yaml`)]));
    const started = Date.now();
    found({ ...files, 't30.yaml': types, 'main.yaml': using('  - t0.yaml', 'own.Node') });
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it("of a local copy of the INDIGO types make a template the Orchestrator's", () => {
    const copy = `${version.replace('1_2', '1_0')}node_types: { tosca.nodes.indigo.Own: { derived_from: tosca.nodes.Root } }\n`;
    const text = (file: string) =>
      using(`  - indigo: ${file}`, 'tosca.nodes.indigo.Own')
        .replace('1_2', '1_0')
        .replace(', properties: { size: 1 }', '');
    expect(found({ 'main.yaml': text('types.yaml'), 'types.yaml': copy })).toEqual([
      expect.stringContaining('unreachable-import'),
    ]);
    const address = 'https://raw.githubusercontent.com/indigo-dc/tosca-types/master/custom_types.yaml';
    expect(found({ 'main.yaml': text(address), 'types.yaml': copy }, { [address]: 'types.yaml' })).toEqual([]);
    expect(found({ 'main.yaml': text(address) })).toEqual([expect.stringContaining('unknown-type')]);
  });

  it('are asked for by a file that has no place yet, too', () => {
    const text = `${version}imports: [ file:///none.yaml, types.yaml ]\n`;
    const said = openWorkspace(uri => (uri === 'untitled:x' ? text : undefined)).diagnostics('untitled:x');
    expect(said.map(({ message }) => message)).toEqual([
      expect.stringContaining('/none.yaml does not exist'),
      expect.stringContaining('save it first'),
    ]);
  });

  it('are not looked for where an editor has files that are not of this machine, but for open ones', () => {
    const place = 'vscode-vfs://github/a/main.yaml';
    const text = `${version}imports: [ types.yaml, other.yaml ]\n`;
    const open: Readonly<Record<string, string>> = { [place]: text, 'vscode-vfs://github/a/types.yaml': types };
    const said = openWorkspace(uri => open[uri]).diagnostics(place);
    expect(said.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      '3 vscode-vfs://github/a/other.yaml cannot be read: only files of this machine can. Names of types are not checked in this file.',
    ]);
  });

  it('say nothing where one of the imports cannot be read', () => {
    expect(found({ 'main.yaml': using('  - https://example.org/types.yaml', 'who.knows') })).toEqual([
      expect.stringContaining('import-problem'),
    ]);
  });
});

describe('after edits of imported files', () => {
  const words = ['own.Node', 'own.Size', 'p', 'q', 'types.yaml', 'main.yaml', 'integer', 'size', 'nothing.yaml', ''];
  it('the diagnostics are those of a fresh look', () => {
    const start = {
      'main.yaml': `${using('  - { file: types.yaml, namespace_prefix: p }\n  - types.yaml', 'p:own.Node', '10')}`,
      'types.yaml': types,
    };
    let files: Record<string, string> = { ...start };
    const read = (uri: string) => files[uri.slice('file:///w/'.length)];
    const workspace = openWorkspace(read);
    const edit = fc.record({
      file: fc.constantFrom('main.yaml', 'types.yaml'),
      at: fc.nat({ max: 1000 }),
      by: fc.constantFrom(...words),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), edits => {
        files = { ...start };
        workspace.diagnostics(main);
        for (const { file, at, by } of edits) {
          const text = files[file] ?? '';
          const all = [...text.matchAll(/[\w.]+/g)];
          const word = all[at % Math.max(1, all.length)];
          if (word !== undefined)
            files = { ...files, [file]: text.slice(0, word.index) + by + text.slice(word.index + word[0].length) };
          expect(workspace.diagnostics(main)).toEqual(openWorkspace(read).diagnostics(main));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('whatever is written as an import', () => {
  const place = fc.constantFrom(
    main,
    'tosca-csar:/w/x.csar/a/main.yaml',
    'https://example.org/a/main.yaml',
    'untitled:x',
    'nonsense',
  );
  it('leads somewhere, or nowhere for a reason', () => {
    const written = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc
        .array(fc.constantFrom('..', '/', 'a', '%', '%2e', '#', '?', '\\\\', 'file:', '\0', ' ', 'C:', 'x.csar'), {
          maxLength: 8,
        })
        .map(parts => parts.join('')),
    );
    fc.assert(
      fc.property(written, place, fc.option(written), (text, from, base) => {
        const target = importTarget(text, from, new Map(), base ?? undefined);
        if (target.kind === 'local' && from.startsWith('tosca-csar:')) expect(target.uri).toContain('/w/x.csar/');
        if (from.startsWith('https:')) expect(target.kind).not.toBe('local');
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['%A0/', '%', '%A0.yaml', 'a%00b', '//', 'file://%/', '\\'])('%j does not bring the reader down', text => {
    expect(found({ 'main.yaml': `${version}imports:\n  - ${JSON.stringify(text)}\n` })).not.toEqual([]);
  });

  it('does not bring the reader down', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(() => found({ 'main.yaml': `${version}imports:\n  - ${JSON.stringify(text)}\n` })).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a file that is none', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-imports-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  it.skipIf(process.platform === 'win32')('is not waited for', () => {
    execFileSync('mkfifo', [path.join(folder, 'pipe.yaml')]);
    symlinkSync('loop.yaml', path.join(folder, 'loop.yaml'));
    const file = path.join(folder, 'main.yaml');
    writeFileSync(file, `${version}imports: [ pipe.yaml, loop.yaml, /dev/zero, ${'x'.repeat(5000)}.yaml ]\n`);
    const said = openWorkspace()
      .diagnostics(pathToFileURL(file).href)
      .map(({ message }) => message);
    expect(said).toEqual([
      expect.stringContaining('pipe.yaml is no regular file.'),
      expect.stringContaining('loop.yaml cannot be read: '),
      expect.stringContaining('/dev/zero is no regular file.'),
      expect.stringContaining('cannot be read: '),
    ]);
  });
});
