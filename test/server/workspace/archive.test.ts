// Archives (CSAR): checked as a whole, what is wrong told at the file in them; one that lies or bursts gets one clear sentence.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../server/src/index.ts';
import { nameInArchive } from '../../../server/src/workspace/archive-uri.ts';
import { readArchive } from '../../../server/src/workspace/unzip.ts';
import { type ZipFile, zip } from './zip.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tosca-mesos-csar-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const version = 'tosca_definitions_version: tosca_simple_yaml_1_2\n';
const meta = (lines: string) => `TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: tests\n${lines}`;
const template = `${version}imports:
  - ../types/own.yaml
topology_template:
  node_templates:
    node:
      type: own.Node
      artifacts:
        script: { type: tosca.artifacts.File, file: ../scripts/run.sh }
`;
const good: Readonly<Record<string, string>> = {
  'TOSCA-Metadata/': '',
  'TOSCA-Metadata/TOSCA.meta': meta('Entry-Definitions: definitions/main.yaml\n'),
  'definitions/main.yaml': template,
  'types/own.yaml': `${version}node_types:\n  own.Node: { derived_from: tosca.nodes.Root }\n`,
  'scripts/run.sh': '#!/bin/sh\n',
};

function write(bytes: Buffer, name = 'x.csar'): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return pathToFileURL(file).href;
}

const files = (contents: Readonly<Record<string, string | undefined>>): readonly ZipFile[] =>
  Object.entries(contents).flatMap(([name, content]) => (content === undefined ? [] : [{ name, content }]));

/** `file:line severity code: message`, of all that is looked at. */
async function found(
  archive: string | Buffer | Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const uri = typeof archive === 'string' ? archive : write(Buffer.isBuffer(archive) ? archive : zip(files(archive)));
  const workspace = openWorkspace();
  const inside = await workspace.inside(uri);
  await workspace.ready(inside);
  return inside.flatMap(each =>
    workspace
      .diagnostics(each)
      .map(
        ({ range, severity, code, message }) =>
          `${nameInArchive(each)}:${range.start.line + 1} ${severity} ${code}: ${message}`,
      ),
  );
}

describe('an archive', () => {
  it('is fine where all that it names is in it', async () => {
    expect(await found(good)).toEqual([]);
    expect(await openWorkspace().inside(write(zip(files(good))))).toEqual([
      expect.stringMatching(/^file:.*\/x\.csar$/),
      expect.stringMatching(/^tosca-csar:\/.*\/x\.csar\/TOSCA-Metadata\/TOSCA\.meta$/),
      expect.stringMatching(/^tosca-csar:\/.*\/x\.csar\/definitions\/main\.yaml$/),
      expect.stringMatching(/^tosca-csar:\/.*\/x\.csar\/types\/own\.yaml$/),
    ]);
  });

  it('has its problems at the files in it', async () => {
    expect(
      await found({
        ...good,
        'definitions/main.yaml': template.replace('own.Node', 'own.Nod'),
        'types/own.yaml': good['types/own.yaml']?.replace('nodes.Root', 'nodes.Rot'),
        'scripts/run.sh': undefined,
      }),
    ).toEqual([
      'definitions/main.yaml:7 1 unknown-type: There is no node type "own.Nod". Did you mean "own.Node"?',
      'definitions/main.yaml:9 2 missing-artifact-file: There is no file `../scripts/run.sh`, seen from this template.',
      'types/own.yaml:3 1 unknown-type: There is no node type "tosca.nodes.Rot" to derive from. Did you mean "tosca.nodes.Root"?',
    ]);
  });

  it('is checked afresh when it has changed', async () => {
    const workspace = openWorkspace();
    const uri = write(zip(files(good)));
    const main = (await workspace.inside(uri)).find(each => each.endsWith('main.yaml')) ?? '';
    expect(workspace.diagnostics(main)).toEqual([]);
    write(zip(files({ ...good, 'definitions/main.yaml': template.replace('own.Node', 'own.Nod') })));
    await workspace.inside(uri);
    expect(workspace.diagnostics(main).map(({ code }) => code)).toEqual(['unknown-type']);
  });

  it('says what its files are, also to an editor that writes their URIs otherwise', async () => {
    const workspace = openWorkspace();
    const uri = write(zip(files({ ...good, 'a b.yaml': version })), 'ä (1).csar');
    const main = (await workspace.inside(uri)).find(each => each.endsWith('main.yaml')) ?? '';
    expect(await workspace.text(main)).toBe(template);
    expect(await openWorkspace().text(main.replaceAll('(', '%28').replaceAll(')', '%29'))).toBe(template);
    expect(await workspace.text(main.replace('definitions/main.yaml', 'a%20b.yaml'))).toBe(version);
    expect(await workspace.text(main.replace('main.yaml', 'none.yaml'))).toBeUndefined();
  });

  it('may not be left by a path', async () => {
    const all = await found({
      ...good,
      'definitions/main.yaml': `${version}imports:\n  - ../../../../etc/passwd\n  - /types/own.yaml\n  - file:///etc/passwd\n`,
    });
    expect(all).toHaveLength(3);
    for (const each of all) expect(each).toMatch(/ 1 import-problem: .* leads out of the archive/);
  });
});

describe('TOSCA.meta', () => {
  const withMeta = (text: string) => found({ ...good, 'TOSCA-Metadata/TOSCA.meta': text });
  it.each<[string, string, readonly string[]]>([
    [
      'must name the template',
      meta('Entry-Definition: definitions/main.yaml\n'),
      [
        'TOSCA-Metadata/TOSCA.meta:4 1 csar-meta: There is no `Entry-Definitions`: it names the template, as in `Entry-Definitions: definitions/template.yaml`. Did you mean it by "Entry-Definition"?',
      ],
    ],
    [
      'must name one that is there',
      meta('Entry-Definitions: main.yaml\n'),
      [
        'TOSCA-Metadata/TOSCA.meta:4 1 csar-meta: `main.yaml` is not in the archive: the path is from the top of the archive. Did you mean "definitions/main.yaml"?',
      ],
    ],
    [
      'must name a template',
      meta('Entry-Definitions: scripts/run.sh\n'),
      [expect.stringContaining('csar-meta: `scripts/run.sh` is no YAML file')],
    ],
    [
      'says its versions and its maker',
      'CSAR-Version: 1.0\r\nEntry-Definitions: definitions/main.yaml\r\n',
      [
        expect.stringContaining('2 csar-meta: There is no `TOSCA-Meta-File-Version`'),
        'TOSCA-Metadata/TOSCA.meta:1 2 csar-meta: `CSAR-Version` is 1.1, not "1.0".',
        expect.stringContaining('2 csar-meta: There is no `Created-By`'),
      ],
    ],
    [
      'is lines of names and values',
      meta(
        'nonsense\nEntry-Definitions: definitions/main.yaml\nCreated-By: again\n\nName: a block about a file\nmore nonsense\n',
      ),
      [
        'TOSCA-Metadata/TOSCA.meta:4 1 csar-meta: A line `Name: value` is expected here.',
        'TOSCA-Metadata/TOSCA.meta:6 2 csar-meta: "Created-By" is there twice: only the last one counts.',
      ],
    ],
    [
      'may name more files',
      meta('Entry-Definitions: definitions/main.yaml\nOther-Definitions: types/own.yaml\n  types/none.yaml\n'),
      [expect.stringContaining('`types/none.yaml` is not in the archive')],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await withMeta(text)).toEqual(expected);
  });
});

describe('an archive without TOSCA.meta', () => {
  const metadata = 'metadata: { template_name: x, template_version: 1.0.0 }\n';
  const root = template.replace('imports', `${metadata}imports`).replaceAll('../', '');
  const bare = { 'types/own.yaml': good['types/own.yaml'], 'scripts/run.sh': '', 'main.yaml': root };
  it('has one template at its top, which says what it is', async () => {
    expect(await found(bare)).toEqual([]);
    expect(await found({ ...bare, 'main.yaml': root.replace(metadata, '') })).toEqual([
      'main.yaml:1 1 csar-metadata: The template of an archive without `TOSCA-Metadata/TOSCA.meta` needs `template_name` in its `metadata`.',
      'main.yaml:1 1 csar-metadata: The template of an archive without `TOSCA-Metadata/TOSCA.meta` needs `template_version` in its `metadata`.',
    ]);
  });
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['none', { 'readme.txt': '' }, 'The archive says nowhere which file is the template'],
    ['two', { 'a.yaml': version, 'b.yml': version }, '2 YAML files at its top (a.yaml, b.yml)'],
    [
      'all in a folder',
      { 'x/TOSCA-Metadata/TOSCA.meta': '', 'x/a.yaml': '' },
      'Everything in the archive is in the folder `x`',
    ],
    [
      'its meta file in other letters',
      { 'tosca-metadata/tosca.meta': '' },
      'has `tosca-metadata/tosca.meta`, which must be called',
    ],
    ['nothing', {}, 'The archive says nowhere which file is the template'],
  ])('with %s', async (_, contents, expected) => {
    expect(await found(contents)).toEqual([expect.stringContaining(`:1 1 csar-entry: `)]);
    expect((await found(contents))[0]).toContain(expected);
  });
});

describe('an archive that cannot be read', () => {
  const only = (file: ZipFile) => zip([...files(good), file]);
  const broken = zip(files(good));
  const bomb = Buffer.alloc(6 * 1024 * 1024, '#');
  it.each<[string, () => Buffer, string]>([
    [
      'is no archive',
      () => Buffer.from('tosca_definitions_version: x\n'),
      'is no zip archive, or is cut off or damaged',
    ],
    ['is empty', () => Buffer.alloc(0), 'x.csar is empty'],
    ['is cut off', () => broken.subarray(0, broken.length - 30), 'is no zip archive, or is cut off or damaged'],
    [
      'is damaged in its directory',
      () => {
        const copy = Buffer.from(broken);
        copy.fill(0, copy.length - 200, copy.length - 100);
        return copy;
      },
      'damaged',
    ],
    ['climbs out', () => only({ name: '../evil.yaml' }), 'climbs out of the archive, `../evil.yaml`'],
    ['climbs out further in', () => only({ name: 'a/../../evil.yaml' }), 'climbs out of the archive'],
    ['has an absolute path', () => only({ name: '/etc/evil.yaml' }), 'with an absolute path, `/etc/evil.yaml`'],
    ['has a drive', () => only({ name: 'C:/evil.yaml' }), 'with an absolute path'],
    ['has a backslash', () => only({ name: 'a\\evil.yaml' }), 'with a backslash in its name'],
    [
      'has a link',
      () => only({ name: 'link.yaml', content: '/etc/passwd', mode: 0o120777 }),
      'holds a link, `link.yaml`',
    ],
    ['is encrypted', () => only({ name: 'secret.yaml', encrypted: true }), 'is encrypted'],
    ['has a file twice', () => only({ name: 'types/own.yaml' }), 'holds the file `types/own.yaml` twice'],
    [
      'has too many files',
      () => zip(Array.from({ length: 10_001 }, (_, at) => ({ name: `${at}` }))),
      'more than 10000 files',
    ],
  ])('because it %s', async (_, bytes, expected) => {
    const started = Date.now();
    const all = await found(bytes());
    expect(all).toEqual([expect.stringMatching(/^:1 1 unreadable-file: /)]);
    expect(all[0]).toContain(expected);
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it.each<[string, Partial<ZipFile>, string]>([
    ['bursts', { content: bomb }, 'is larger than 5 MB unpacked'],
    ['bursts and lies about it', { content: bomb, size: 10 }, 'is damaged and cannot be unpacked'],
    ['has a wrong checksum', { content: version, crc: 1 }, 'its checksum is wrong'],
    ['is damaged', { content: version, packed: Buffer.from('nonsense') }, 'is damaged and cannot be unpacked'],
    ['is no UTF-8', { content: Buffer.from('\xe9', 'latin1') }, 'is not valid UTF-8'],
  ])('in part, because a file %s', async (_, file, expected) => {
    const main = `${version}imports:\n  - ../types/own.yaml\n  - ../bad.yaml\n`;
    const all = await found(zip([...files({ ...good, 'definitions/main.yaml': main }), { name: 'bad.yaml', ...file }]));
    expect(all).toEqual([
      expect.stringMatching(/^definitions\/main\.yaml:4 1 import-problem: .*`bad\.yaml` in x\.csar /),
    ]);
    expect(all[0]).toContain(expected);
    expect(all[0]).not.toContain('Did you mean'); // the name is right
  });

  it('because all its files are too large together, or it is too large itself', async () => {
    const limits = { archiveBytes: 10_000, entries: 10, fileBytes: 100, totalBytes: 150 };
    const uri = write(
      zip([
        { name: 'a.yaml', content: 'a'.repeat(90) },
        { name: 'b.yaml', content: 'b'.repeat(90) },
      ]),
    );
    const archive = await readArchive(new URL(uri).pathname, limits);
    expect('texts' in archive && archive.texts.get('b.yaml')).toEqual({
      problem: expect.stringContaining('the texts of the archive are larger'),
    });
    expect(await readArchive(new URL(uri).pathname, { ...limits, archiveBytes: 10 })).toEqual({
      problem: expect.stringContaining('is larger than'),
    });
    expect(await readArchive('/none.csar', limits)).toEqual({ problem: '/none.csar does not exist.' });
    expect(await readArchive(folder, limits)).toEqual({ problem: expect.stringContaining('is a folder') });
  });
});

describe('an archive with errors anywhere', () => {
  it('is read or refused with one sentence, and nothing throws', async () => {
    const whole = zip(files(good));
    const damage = fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(damage, fc.option(fc.nat({ max: whole.length })), async (bytes, end) => {
        const copy = Buffer.from(whole);
        for (const [at, byte] of bytes) copy[at] = byte;
        const all = await found(copy.subarray(0, end ?? copy.length));
        for (const each of all) expect(each).toMatch(/^.*:\d+ [1-4] [a-z-]+: \S.*[.?]$/s);
      }),
      { numRuns: 200 },
    );
  });
});
